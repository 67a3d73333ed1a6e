/** @file A file of tensors in words. */
import { firstNames, formatBytes, formatCount, formatPlural } from '../../../base/quantities.ts';
import type { PlainInspection } from '../../../inspect/tensor-file-inspection.ts';
import type { TensorSummary, TensorsInspection } from '../../../inspect/tensor-summary.ts';
import type { Finding } from './finding.ts';

/** Tensors that nothing better is known of. */
export function tensorsFinding(found: TensorsInspection): Finding {
  const { kind, described, examples, summary, metadata } = found;
  const kinds = { tensors: 'tensors', 'unread adapter': 'adapter', 'unusable model': 'model' };
  return {
    kind: kinds[kind],
    title: `a file of tensors: ${described}`,
    facts: [
      ...tensorFacts(summary),
      ...examples.map(({ name, dtype, shape }) => {
        return ['for example', `${name} ${dtype} [${shape.join(', ')}]`] as const;
      }),
      ...Object.entries(metadata).map(
        ([key, value]) => [`metadata ${key}`, shortened(value)] as const,
      ),
    ],
    details: { summary, metadata },
  };
}

/** Tensors of ours with nothing else to show. */
export function plainFinding({ kind, summary }: PlainInspection): Finding {
  const own = { facts: tensorFacts(summary), details: { summary } };
  return kind === 'broken adapter'
    ? { kind: 'adapter', title: 'an adapter of ours with broken numbers', ...own }
    : {
        kind,
        title: 'a checkpoint of a run: parameters and the state of the optimiser',
        ...own,
        next: ['go on with its run: krona train --resume RUN, the folder two levels above'],
      };
}

/** The summary of tensors as facts. */
export function tensorFacts(summary: TensorSummary): readonly (readonly [string, string])[] {
  const { tensors, parameters, bytes, dtypes } = summary;
  const kinds = Object.entries(dtypes).map(([dtype, count]) => `${formatCount(count)} ${dtype}`);
  return [
    ['tensors', `${formatPlural(tensors, 'tensor')} (${kinds.join(', ') || 'none'})`],
    ['numbers', `${formatCount(parameters)}, ${formatBytes(bytes)}`],
    ['health', healthText(summary)],
  ];
}

function healthText({ notFinite, allZero }: TensorSummary): string {
  const zero = allZero.length === 0 ? '' : `; all zero: ${firstNames(allZero)}`;
  return notFinite.length === 0
    ? `no NaN, no infinity${zero}`
    : `NaN or infinity in ${formatPlural(notFinite.length, 'tensor')}${zero}`;
}

function shortened(text: string, limit = 100): string {
  return text.length > limit
    ? `${text.slice(0, limit)} ... (${formatPlural(text.length, 'character')})`
    : text;
}

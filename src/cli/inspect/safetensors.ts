/** @file Inspects a .safetensors file: an adapter of ours, a checkpoint, or anything else. */

import { describeForeignFile } from '../../adapters/foreign-file.ts';
import { decodeAdapterFile } from '../../adapters/index.ts';
import { readBytes } from '../../storage/binary-file.ts';
import { openSafetensors, type SafetensorsFile } from '../../storage/safetensors-file.ts';
import { totalParameters } from '../plan-groups.ts';
import { formatCount, formatPlural } from '../quantities.ts';
import type { Finding } from './finding.ts';
import { summariseTensors, type TensorSummary, tensorFacts, tensorWarnings } from './tensors.ts';

/** Files up to this are read whole to tell other tools' adapters apart. */
const largestAdapter = 1e9;

/**
 * Inspects a safetensors file.
 *
 * @throws FormatError where it is broken
 */
export async function inspectSafetensors(path: string): Promise<Finding> {
  const file = await openSafetensors(path);
  const { metadata } = file.header;
  const summary = await summariseTensors(file);
  if ('krona.version' in metadata) {
    return summary.notFinite.length === 0
      ? inspectAdapter(path, await readBytes(path), summary)
      : brokenAdapter(summary);
  }
  if ('krona.checkpoint' in metadata) return inspectCheckpoint(summary);
  return await inspectOther(file, summary);
}

function inspectAdapter(path: string, bytes: Uint8Array, summary: TensorSummary): Finding {
  const { placed, base, targets, training } = decodeAdapterFile(bytes, path);
  const methods = placed.map(({ adapter }) => adapter);
  const sites = placed.reduce((sum, each) => sum + each.sites.length, 0);
  const parameters = placed.reduce(
    (sum, each) => sum + totalParameters(each.sites, each.adapter),
    0,
  );
  const word = training?.subject === undefined ? 'sks dog' : '{subject}';
  return {
    kind: 'adapter',
    title: `a ${methods.map(({ method }) => method).join(' + ')} adapter for ${base.name}`,
    facts: [
      ...methods.map(
        ({ method, options }) =>
          [methods.length > 1 ? method : 'options', describeOptions(options)] as const,
      ),
      [
        'sites',
        `${sites} of the base's ${base.sites}, targets ${targets?.join(', ') ?? 'not recorded'}`,
      ],
      ['parameters', formatCount(parameters)],
      ...(training === undefined ? [] : [['training', describeOptions(training)] as const]),
      ...tensorFacts(summary),
    ],
    details: {
      adapters: methods.map(({ method, options }) => ({ method, options })),
      base,
      targets,
      training,
      sites,
      parameters,
      summary,
    },
    next: [
      `make pictures: krona generate --adapter ${path} --prompt "a ${word} on the beach" --out pictures`,
    ],
  };
}

/** Numbers that no reader accepts, so that nothing else of the file can be shown. */
function brokenAdapter(summary: TensorSummary): Finding {
  return {
    kind: 'adapter',
    title: 'an adapter of ours with broken numbers',
    facts: tensorFacts(summary),
    details: { summary },
    warnings: tensorWarnings(summary),
  };
}

function inspectCheckpoint(summary: TensorSummary): Finding {
  return {
    kind: 'checkpoint',
    title: 'a checkpoint of a run: parameters and the state of the optimiser',
    facts: tensorFacts(summary),
    details: { summary },
    warnings: tensorWarnings(summary),
    next: ['go on with its run: krona train --resume RUN, the folder two levels above'],
  };
}

async function inspectOther(file: SafetensorsFile, summary: TensorSummary): Promise<Finding> {
  const { entries, metadata } = file.header;
  const described =
    summary.bytes <= largestAdapter ? describeForeignFile(await file.readAll()) : 'a large model';
  const names = [...entries.keys()];
  return {
    kind: 'safetensors',
    title: `a safetensors file: ${described}`,
    facts: [
      ...tensorFacts(summary),
      ...names.slice(0, 3).map((name) => {
        const entry = entries.get(name);
        return ['for example', `${name} ${entry?.dtype} [${entry?.shape.join(', ')}]`] as const;
      }),
      ...Object.entries(metadata).map(
        ([key, value]) => [`metadata ${key}`, shortened(value)] as const,
      ),
    ],
    details: { summary, metadata },
    warnings: tensorWarnings(summary),
  };
}

/** `steps 300, seed 0` */
export function describeOptions(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined && !isEmpty(value))
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function shortened(text: string, limit = 100): string {
  return text.length > limit
    ? `${text.slice(0, limit)} ... (${formatPlural(text.length, 'character')})`
    : text;
}

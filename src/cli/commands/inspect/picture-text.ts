/** @file A picture in words: its size, and the settings that krona generate wrote into it. */
import { isRecord } from '../../../base/record.ts';
import type { PictureInspection } from '../../../inspect/picture-inspection.ts';
import { describeOptions, type Finding } from './finding.ts';

/** A picture of ours, or of somebody else. */
export function pictureFinding(found: PictureInspection): Finding {
  const { kind, width, height, settings, texts } = found;
  const size = ['size', `${width} x ${height}`] as const;
  if (settings === undefined) {
    return {
      kind,
      title: 'a picture, not made by krona',
      facts: [size, ...Object.entries(texts)],
      details: { width, height, texts },
    };
  }
  const { prompt, adapters, adapter: _asRequested, ...others } = settings;
  const used = Array.isArray(adapters) ? adapters.filter(isRecord) : [];
  return {
    kind,
    title: 'a picture made by krona generate',
    facts: [
      size,
      ['prompt', String(prompt)],
      ['settings', describeOptions(others)],
      ...(used.length === 0 ? [['adapter', 'none'] as const] : []),
      ...used.flatMap(adapterFacts),
    ],
    details: { width, height, settings },
  };
}

/** An adapter as settings-text.ts writes it. */
function adapterFacts({ methods, training, ...request }: Record<string, unknown>) {
  const used = Array.isArray(methods) ? methods.filter(isRecord) : [];
  return [
    ['adapter', describeOptions(request)],
    ...used.map((options) => ['', describeOptions(options)] as const),
    ...(isRecord(training) ? [['', `trained on: ${describeOptions(training)}`] as const] : []),
  ] as const;
}

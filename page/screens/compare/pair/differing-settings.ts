/** @file Settings in which two runs differ. */
import type { Settings } from '../../../../src/studio/interface/operation-shapes.ts';

export interface DifferingSetting {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** Of every run its own, or of how it was watched. */
const passedOver = new Set([
  ...['out', 'images', 'sampleEvery', 'samplePrompt', 'checkpointEvery', 'keepCheckpoints'],
  ...['tensorboard', 'wandb'],
]);

/** Options of a method stand among the others; what a run does not have is a dash. */
export function differingSettings(before: Settings, after: Settings): readonly DifferingSetting[] {
  const [first, second] = [flat(before), flat(after)];
  const keys = [...new Set([...first.keys(), ...second.keys()])];
  return keys.flatMap((key) => {
    const [was, is] = [first.get(key) ?? '–', second.get(key) ?? '–'];
    return was === is || passedOver.has(key) ? [] : [{ key, before: was, after: is }];
  });
}

function flat(settings: Settings): ReadonlyMap<string, string> {
  const entries = Object.entries(settings).flatMap(([key, value]) =>
    key === 'adapterOptions' && typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [[key, value] as const],
  );
  return new Map(
    entries
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

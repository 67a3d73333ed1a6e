/** @file What can be an axis, and how its values are given. */
import type { FormField } from '../../../../src/studio/interface/form-operations.ts';
import type { PlainWordKey } from '../../../words/use-words.tsx';

/** Axes that most people want, with words of their own. */
export const knownAxes = {
  checkpoint: 'compare.axis.checkpoint',
  run: 'compare.axis.run',
  prompt: 'compare.axis.prompt',
  seed: 'compare.axis.seed',
  strength: 'compare.axis.strength',
  guidance: 'compare.axis.guidance',
  steps: 'compare.axis.steps',
  sampler: 'compare.axis.sampler',
  negative: 'compare.axis.negative',
} as const satisfies Readonly<Record<string, PlainWordKey>>;

/** Names of axes that few want, which forms elsewhere have under "all settings". */
const rareAxes = {
  width: 'generate.width',
  height: 'generate.height',
  guidanceRescale: 'compare.axis.guidanceRescale',
  eta: 'compare.axis.eta',
} as const satisfies Readonly<Record<string, PlainWordKey>>;

/** What an axis is called; undefined where only its key says it. */
export function axisWord(name: string): PlainWordKey | undefined {
  const words: Readonly<Record<string, PlainWordKey>> = { ...knownAxes, ...rareAxes };
  return Object.hasOwn(words, name) ? words[name] : undefined;
}

export function isKnownAxis(name: string): name is keyof typeof knownAxes {
  return Object.hasOwn(knownAxes, name);
}

/** Of the form, what is shared by all cells or needs a picture to begin with. */
const noAxes = [
  'base',
  'refiner',
  'refinerStart',
  'count',
  'batchSize',
  'device',
  'noise',
  'keepUnmasked',
];

/** The other settings that can be axes. */
export function otherAxes(fields: readonly FormField[]): readonly FormField[] {
  return fields.filter(({ key }) => !noAxes.includes(key) && !isKnownAxis(key));
}

/** How values are given. */
export type AxisKind =
  | { readonly kind: 'runs' | 'steps' | 'lines' }
  | { readonly kind: 'numbers'; readonly isInteger: boolean }
  | { readonly kind: 'choices'; readonly choices: readonly (string | boolean)[] };

export function axisKind(name: string, fields: readonly FormField[]): AxisKind {
  if (name === 'run') return { kind: 'runs' };
  if (name === 'checkpoint') return { kind: 'steps' };
  const {
    type,
    enum: listed,
    choices = listed,
  } = fields.find(({ key }) => key === name)?.schema ?? {};
  if (Array.isArray(choices)) return { kind: 'choices', choices };
  if (type === 'boolean') return { kind: 'choices', choices: [true, false] };
  if (type === 'integer') return { kind: 'numbers', isInteger: true };
  if (type === 'number') return { kind: 'numbers', isInteger: false };
  return { kind: 'lines' };
}

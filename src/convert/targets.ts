/** @file What adapters can be converted to: the format, its writer, and the forms that it can hold. */
import type { KroneckerLayout } from '../adapters/algebra/kronecker.ts';
import type { ForeignFormat } from '../exchange/index.ts';
import type { Form } from './forms.ts';

interface Target {
  readonly title: string;
  /** The format of another tool; undefined for our own. */
  readonly writer: ForeignFormat | undefined;
  /** Which forms it holds. */
  readonly forms: readonly Form['as'][];
  /** The order of rows that it holds of Kronecker products. @default 'kron' */
  readonly layout?: KroneckerLayout;
}

export const targets = {
  krona: {
    title: 'our own file, for generating and for going on with the training',
    writer: undefined,
    forms: ['lora', 'krona', 'diff'],
  },
  kohya: {
    title: 'LoRA, LoKr, LoHa, differences under kohya names: ComfyUI, A1111, diffusers',
    writer: 'kohya',
    forms: ['lora', 'krona', 'diff'],
  },
  diffusers: { title: 'LoRA of diffusers', writer: 'diffusers', forms: ['lora'] },
  peft: { title: 'a folder of PEFT', writer: 'peft', forms: ['lora', 'krona'] },
  official: {
    title: 'the code published with DiffuseKronA',
    writer: 'official',
    forms: ['krona'],
    layout: 'reference',
  },
  diff: {
    title: 'the whole change of every weight under kohya names',
    writer: 'kohya',
    forms: ['diff'],
  },
  'textual-inversion': {
    title: 'a new word alone',
    writer: 'embedding',
    forms: [],
  },
} as const satisfies Record<string, Target>;

export type TargetName = keyof typeof targets;

export const targetNames = Object.keys(targets) as readonly TargetName[];

export function targetOf(name: TargetName): Target {
  return targets[name];
}

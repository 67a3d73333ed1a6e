/** @file What adapters can be converted to: the format, its writer, and the forms that it can hold. */
import type { KroneckerLayout } from '../adapters/algebra/kronecker.ts';
import type { ForeignFormat } from '../exchange/index.ts';
import type { Form } from './forms.ts';

interface Target {
  readonly title: string;
  /** Whom it is for; what else loads a file is found in that file. */
  readonly tools: readonly string[];
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
    tools: ['krona'],
    writer: undefined,
    forms: ['lora', 'krona', 'diff'],
  },
  kohya: {
    title: 'LoRA, LoKr, LoHa, differences under kohya names: ComfyUI, A1111, diffusers',
    tools: ['ComfyUI', 'A1111'],
    writer: 'kohya',
    forms: ['lora', 'krona', 'diff'],
  },
  diffusers: {
    title: 'LoRA of diffusers',
    tools: ['diffusers'],
    writer: 'diffusers',
    forms: ['lora'],
  },
  peft: { title: 'a folder of PEFT', tools: ['PEFT'], writer: 'peft', forms: ['lora', 'krona'] },
  official: {
    title: 'the code published with DiffuseKronA',
    tools: ['DiffuseKronA'],
    writer: 'official',
    forms: ['krona'],
    layout: 'reference',
  },
  diff: {
    title: 'the whole change of every weight under kohya names',
    tools: ['ComfyUI', 'A1111'],
    writer: 'kohya',
    forms: ['diff'],
  },
  'textual-inversion': {
    title: 'a new word alone',
    tools: ['ComfyUI', 'A1111', 'diffusers'],
    writer: 'embedding',
    forms: [],
  },
} as const satisfies Record<string, Target>;

export type TargetName = keyof typeof targets;

export const targetNames = Object.keys(targets) as readonly TargetName[];

export function targetOf(name: TargetName): Target {
  return targets[name];
}

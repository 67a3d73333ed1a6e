/** @file The adapters that other programs are asked to load: every method, in every layout that has rules of its own. */
import type { WantedForm } from '../../src/convert/adapter-in-form.ts';

/** One method of an adapter. */
export interface Part {
  readonly method: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly targets: readonly string[];
}

export interface PeerCase {
  readonly name: string;
  /** @default 'sd15' */
  readonly base?: 'sd15' | 'sdxl';
  readonly parts: readonly Part[];
  /** Brought into this form before it is written. */
  readonly form?: WantedForm;
}

const attention = ['attention'];
const withTexts = ['attention', 'text_encoder.*self_attn.*_proj'];
/** Kernels of 3 x 3, with strides 1 and 2, and of 1 x 1. */
const convolutions = [
  'resnets.*.conv1',
  'resnets.*.conv2',
  'downsamplers.0.conv',
  'attentions.*.proj_in',
];
const both = [...attention, ...convolutions];
const everyKind = [
  ...both,
  'conv_in',
  'conv_in.bias',
  'conv_norm_out.weight',
  'conv_norm_out.bias',
  'to_out.0.bias',
];

const krona = (options: object, targets = attention): Part => ({
  method: 'krona',
  options: { ...options },
  targets,
});

const newWord: Part = {
  method: 'textual-inversion',
  options: { token: '<dog>', vectors: 2 },
  targets: ['*.token_embedding'],
};

/** Sizes of the two bases are multiples of 8, so factors of 4 are what (16, 16) is to the models they stand for. */
export const cases: readonly PeerCase[] = [
  { name: 'KronA (4, 4)', parts: [krona({ a1: 4, a2: 4 }, withTexts)] },
  { name: 'KronA (4, 4) × 0.7', parts: [krona({ a1: 4, a2: 4, scale: 0.7 })] },
  { name: 'KronA (8, 2)', parts: [krona({ a1: 8, a2: 2 })] },
  {
    name: 'KronA, factors by site',
    parts: [krona({ a1: 2, a2: 8, factors: { 'attn2.to_k': [4, 12], 'to_out.0': [8, 8] } })],
  },
  { name: 'KronA (4, 4), convolutions', parts: [krona({ a1: 4, a2: 4 }, convolutions)] },
  {
    name: 'KronA (4, 9), through kernels',
    parts: [krona({ a1: 4, a2: 9 }, ['resnets.*.conv1'])],
  },
  { name: 'KronA (4, 8), published layout', parts: [krona({ a1: 4, a2: 8, layout: 'reference' })] },
  {
    name: 'the same as exact LoRA',
    parts: [krona({ a1: 4, a2: 8, layout: 'reference' })],
    form: { as: 'lora' },
  },
  {
    name: 'the same as full differences',
    parts: [krona({ a1: 4, a2: 8, layout: 'reference' })],
    form: { as: 'diff' },
  },
  {
    name: 'LoRA',
    parts: [{ method: 'lora', options: { rank: 4, alpha: 2 }, targets: withTexts }],
  },
  {
    name: 'LoRA of two ranks',
    parts: [
      { method: 'lora', options: { rank: 4 }, targets: ['attn1.to_*'] },
      { method: 'lora', options: { rank: 2, alpha: 3 }, targets: ['attn2.to_*'] },
    ],
  },
  {
    name: 'LoRA, convolutions too',
    parts: [{ method: 'lora', options: { rank: 4, alpha: 2 }, targets: both }],
  },
  {
    name: 'LoRA, rank-stabilised',
    parts: [
      { method: 'lora', options: { rank: 4, alpha: 2, rankStabilized: true }, targets: attention },
    ],
  },
  {
    name: 'DoRA',
    parts: [{ method: 'lora', options: { rank: 4, alpha: 2, dora: true }, targets: attention }],
  },
  {
    name: 'DoRA, convolutions too',
    parts: [{ method: 'lora', options: { rank: 4, alpha: 2, dora: true }, targets: both }],
  },
  {
    name: 'LoKr',
    parts: [
      { method: 'lokr', options: { factor: 4, rank: 1, alpha: 0.5 }, targets: ['attn1.to_*'] },
    ],
  },
  {
    name: 'LoKr, convolutions too',
    parts: [
      {
        method: 'lokr',
        options: { factor: 2, rank: 2, alpha: 1 },
        targets: ['attn1.to_*', ...convolutions],
      },
    ],
  },
  {
    name: 'LoKr, both decomposed',
    parts: [
      {
        method: 'lokr',
        options: { factor: 4, rank: 1, alpha: 0.5, decomposeBoth: true },
        targets: ['attn1.to_*'],
      },
    ],
  },
  {
    name: 'LoKr, full',
    parts: [{ method: 'lokr', options: { factor: 4, full: true }, targets: both }],
  },
  {
    name: 'LoKr, full, smaller factor first',
    parts: [{ method: 'lokr', options: { factor: 8, full: true }, targets: attention }],
  },
  {
    name: 'LoKr, full, DoRA',
    parts: [{ method: 'lokr', options: { factor: 4, full: true, dora: true }, targets: attention }],
  },
  {
    name: 'LoHa',
    parts: [{ method: 'loha', options: { rank: 4, alpha: 2 }, targets: attention }],
  },
  {
    name: 'LoHa, convolutions too',
    parts: [{ method: 'loha', options: { rank: 4, alpha: 2 }, targets: both }],
  },
  { name: 'OFT', parts: [{ method: 'oft', options: { blockSize: 8 }, targets: attention }] },
  {
    name: 'OFT, convolutions too',
    parts: [
      { method: 'oft', options: { blockSize: 8 }, targets: ['attention', 'resnets.*.conv1'] },
    ],
  },
  {
    name: 'OFT, one rotation',
    parts: [{ method: 'oft', options: { blockSize: 8, shared: true }, targets: attention }],
  },
  {
    name: 'OFT, series of 5 terms',
    parts: [{ method: 'oft', options: { blockSize: 8, neumannTerms: 5 }, targets: attention }],
  },
  {
    name: 'OFT of outputs',
    parts: [{ method: 'oft', options: { side: 'output', blockSize: 4 }, targets: both }],
  },
  { name: 'full differences', parts: [{ method: 'dreambooth', targets: everyKind }] },
  { name: 'new word', parts: [newWord] },
  { name: 'KronA (4, 4) and a new word', parts: [krona({ a1: 4, a2: 4 }), newWord] },
  {
    name: 'SDXL: LoRA',
    base: 'sdxl',
    parts: [
      {
        method: 'lora',
        options: { rank: 4, alpha: 2 },
        targets: ['attention', 'self_attn.*_proj'],
      },
    ],
  },
  { name: 'SDXL: KronA (4, 4)', base: 'sdxl', parts: [krona({ a1: 4, a2: 4 })] },
  { name: 'SDXL: new word', base: 'sdxl', parts: [newWord] },
];

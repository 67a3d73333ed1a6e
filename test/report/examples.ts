/** @file Four sweeps of the kinds that the paper's items need: a table, a grid, curves, and counts alone. */
import type { Example } from './example.ts';

/** Methods side by side, with pictures, beside the paper's Table 3; one cell is missing. */
export const methods: Example = {
  name: 'table3.pocket',
  spec: {
    title: 'KronA against LoRA, LoKr and LoHa',
    item: 'Table 3, Figure 17',
    about:
      'Is a Kronecker product as good as low-rank updates with fewer numbers? Twelve of the bundled subjects stand for the photographs of the paper; 4 prompts each instead of 25.',
    seeds: [0, 1],
    prompts: 4,
    draw: { count: 4 },
    paper: 'table3',
    metrics: ['dino', 'clipI', 'clipT', 'driftDino'],
    cases: [
      { name: 'KronA (8, 16)', train: { adapter: 'krona' }, paper: 'DiffuseKronA, a1=8' },
      { name: 'LoRA, rank 4', train: { adapter: 'lora' }, paper: 'LoRA-DreamBooth, rank=4' },
      { name: 'LoKr, factor 8', train: { adapter: 'lokr' }, paper: 'LoKr, factor=8' },
      { name: 'LoHa, rank 4', train: { adapter: 'loha' }, paper: 'LoHa, rank=4' },
      { name: 'base model, untrained', adapted: false },
    ],
    show: [{ kind: 'table' }, { kind: 'scatter' }, { kind: 'pictures' }],
    claims: [
      {
        says: 'KronA is more faithful to the subject than LoRA',
        paper: 10,
        metric: 'dino',
        case: 'KronA (8, 16)',
        than: 'LoRA, rank 4',
      },
      {
        says: 'KronA follows the prompt better than LoRA',
        paper: 11,
        metric: 'clipT',
        case: 'KronA (8, 16)',
        than: 'LoRA, rank 4',
      },
      {
        says: 'KronA keeps colours better than LoRA',
        paper: 10,
        metric: 'colourDistance',
        case: 'KronA (8, 16)',
        than: 'LoRA, rank 4',
      },
      {
        says: 'KronA is more faithful than LoHa',
        metric: 'dino',
        case: 'KronA (8, 16)',
        than: 'LoHa, rank 4',
      },
      {
        says: 'KronA needs fewer parameters than LoRA',
        metric: 'parameters',
        case: 'KronA (8, 16)',
        than: 'LoRA, rank 4',
      },
      {
        says: 'KronA is as good as LoKr with a fraction of the parameters',
        metric: 'dino',
        case: 'KronA (8, 16)',
        than: 'LoKr, factor 8',
        is: 'not worse',
      },
    ],
  },
  variants: [
    { name: 'KronA (8, 16)', parameters: 11_520, means: [0.72, 0.58, 0.36] },
    { name: 'LoRA, rank 4', parameters: 43_008, means: [0.7, 0.57, 0.36] },
    { name: 'LoKr, factor 8', parameters: 12_288, means: [0.71, 0.575, 0.35] },
    { name: 'LoHa, rank 4', parameters: 86_016, means: [0.75, 0.59, 0.32] },
    { name: 'base model, untrained', parameters: 0, means: [0.3, 0.31, 0.62], trained: false },
  ],
  missing: [{ cell: 'LoHa, rank 4/octopus/1', reason: 'the loss became NaN in step 212' }],
  pictures: true,
};

const sides = [2, 4, 8, 16];

/** A grid of two settings. */
export const grid: Example = {
  name: 'fig7.pocket',
  spec: {
    title: 'The sizes a1 and a2 of the first factor',
    item: 'Figure 7',
    about: 'Which shape of A serves best?',
    vary: { 'adapter.a1': sides, 'adapter.a2': sides },
    show: [
      { kind: 'heat map', x: 'adapter.a2', y: 'adapter.a1' },
      { kind: 'curve', x: 'adapter.a2', series: 'adapter.a1', scale: 'log' },
      { kind: 'scatter' },
    ],
    claims: [
      {
        says: 'A larger a2 is better than a smaller one',
        metric: 'dino',
        case: 'a1 4, a2 16',
        than: 'a1 4, a2 2',
      },
    ],
  },
  subjects: 6,
  variants: sides.flatMap((a1) =>
    sides.map((a2) => ({
      name: `a1 ${a1}, a2 ${a2}`,
      case: 'KronA',
      factors: { 'adapter.a1': a1, 'adapter.a2': a2 },
      parameters: 16 * a1 * a2 + Math.round(1_900_000 / (a1 * a2)),
      means: [0.6 + 0.03 * Math.log2(a2) - 0.01 * Math.log2(a1), 0.55, 0.4 - 0.01 * a1] as const,
    })),
  ),
};

const rates = [0.0001, 0.0003, 0.001, 0.003, 0.01];

/** Curves of two cases, with a case that has nothing to vary; few subjects. */
export const rate: Example = {
  name: 'fig8.pocket',
  spec: {
    title: 'The learning rate',
    item: 'Figure 8',
    about: 'How wide is the range of good learning rates?',
    differs: 'three subjects of the bundled world',
    seeds: [0],
    cases: [
      { name: 'Kronecker factors, A normal and B zero', vary: { 'train.learningRate': rates } },
      { name: 'LoRA', vary: { 'train.learningRate': rates } },
      { name: 'untrained', adapted: false },
    ],
    show: [{ kind: 'curve', x: 'train.learningRate', scale: 'log' }, { kind: 'table' }],
    claims: [
      {
        says: 'KronA is stable over a wider range of learning rates',
        paper: 13,
        metric: 'clipT',
        case: 'Kronecker factors, A normal and B zero, learning rate 0.01',
        than: 'LoRA, learning rate 0.01',
      },
    ],
  },
  subjects: 3,
  variants: [
    ...rates.map((value, i) => ({
      name: `Kronecker factors, A normal and B zero, learning rate ${value}`,
      case: 'Kronecker factors, A normal and B zero',
      factors: { 'train.learningRate': value },
      parameters: 11_520,
      means: [0.5 + 0.08 * i - 0.01 * i * i, 0.5 + 0.03 * i, 0.5 - 0.03 * i] as const,
    })),
    ...rates.map((value, i) => ({
      name: `LoRA, learning rate ${value}`,
      case: 'LoRA',
      factors: { 'train.learningRate': value },
      parameters: 43_008,
      means: [0.45 + 0.1 * i - 0.02 * i * i, 0.48 + 0.03 * i, 0.5 - 0.05 * i] as const,
    })),
    { name: 'untrained', parameters: 0, means: [0.3, 0.31, 0.62] as const, trained: false },
  ],
};

const a1s = [1, 2, 4, 8, 16, 32, 64, 128];
const a2s = [2, 4, 8, 16, 32, 64, 128];

/** Of SDXL's 560 attention matrices: how many, and the sum of rows x columns. */
const sdxl = { matrices: 560, entries: 955_187_200 };

/** Counts alone: nothing is run. */
export const counts: Example = {
  name: 'table2.sdxl',
  spec: {
    title: 'Parameters over a1 and a2',
    item: 'Table 2',
    base: 'sdxl',
    vary: { 'adapter.a1': a1s, 'adapter.a2': a2s },
    metrics: ['parameters'],
    paper: 'table2',
    show: [{ kind: 'heat map', x: 'adapter.a2', y: 'adapter.a1' }],
  },
  variants: a1s.flatMap((a1) =>
    a2s.map((a2) => ({
      name: `a1 ${a1}, a2 ${a2}`,
      case: 'KronA',
      factors: { 'adapter.a1': a1, 'adapter.a2': a2 },
      parameters: sdxl.matrices * a1 * a2 + sdxl.entries / (a1 * a2),
    })),
  ),
};

const factors = [2, 4, 8, 16];

/** A curve on a real base, where the paper's numbers stand on the same axes. */
export const lokr: Example = {
  name: 'table4.sdxl',
  spec: {
    title: 'The factor of LoKr',
    item: 'Table 4, Figure 18',
    base: 'sdxl',
    paper: 'table4',
    cases: [
      { name: 'LoKr', vary: { 'adapter.factor': factors }, paper: 'LoKr, factor={adapter.factor}' },
      { name: 'KronA (8, 64)', paper: 'DiffuseKronA, a1=8' },
    ],
    show: [{ kind: 'curve', x: 'adapter.factor', scale: 'log' }, { kind: 'table' }],
    claims: [{ says: 'KronA beats LoKr', metric: 'dino', case: 'KronA (8, 64)', than: 'LoKr' }],
  },
  subjects: 9,
  variants: [
    ...factors.map((value, i) => ({
      name: `LoKr, factor ${value}`,
      case: 'LoKr',
      factors: { 'adapter.factor': value },
      parameters: Math.round(955_187_200 / value ** 2),
      means: [0.7 - 0.06 * i, 0.8 - 0.03 * i, 0.25] as const,
    })),
    { name: 'KronA (8, 64)', parameters: 2_152_320, means: [0.66, 0.8, 0.28] as const },
  ],
};

/** One method subject by subject, beside Table 1. */
export const subjects: Example = {
  name: 'table1.pocket',
  spec: { title: 'KronA, subject by subject', item: 'Table 1', paper: 'table1' },
  variants: [{ name: 'KronA', parameters: 11_520, means: [0.72, 0.58, 0.36] }],
};

export const examples = [methods, grid, rate, counts, lokr, subjects] as const;

import { describe, expect, test } from 'vitest';
import { outputs, type Trained, trained } from '../../test/merge/models.ts';
import { decodeAdapterFile, encodeAdapterFile } from '../adapters/index.ts';
import type { WantedForm } from '../convert/adapter-in-form.ts';
import { baseSites, siteWeightReader } from '../pipeline/adapters/site-weights.ts';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import { relativeL2 } from '../tensor/linear-algebra/host-matrices.ts';
import { type Combination, combineAdapters } from './combine-adapters.ts';

const base = await openBaseModel('pocket');
const sites = baseSites(base);
const readWeight = siteWeightReader(base);

const krona = { a1: 4, a2: 8 };
const word = { method: 'textual-inversion', targets: ['*token*'] } as const;

async function combined(given: readonly Trained[], form?: WantedForm) {
  const adapters = await Promise.all(given.map((each, i) => trained(base, each, i)));
  const one = await combineAdapters(adapters, { sites, readWeight, form });
  return { adapters, one };
}

const none: Readonly<Record<Combination, number>> = {
  kept: 0,
  joined: 0,
  words: 0,
  constrained: 0,
  full: 0,
  fitted: 0,
};

interface Case {
  readonly what: string;
  readonly given: readonly Trained[];
  readonly counts: Readonly<Partial<Record<Combination, number>>>;
  readonly methods: readonly string[];
}

const attn1 = 'attn1.to_q';
const attn2 = 'attn2.to_q';
const cases: readonly Case[] = [
  {
    what: 'methods at sites of their own stay',
    given: [
      { method: 'krona', options: krona, targets: [attn1], strength: 0.6 },
      { method: 'lokr', options: { rank: 1 }, targets: [attn2], strength: -2 },
      { method: 'lokr', options: { full: true }, targets: ['attn2.to_k'], strength: 0.5 },
      { method: 'loha', targets: ['conv1'], strength: 0.5 },
      { method: 'lora', options: { alpha: 8 }, targets: ['conv2'], strength: 0.3 },
      { method: 'custom-diffusion', targets: ['attn2.to_v'], strength: 0.1 },
      { method: 'oft', options: { blockSize: 8 }, targets: ['self_attn.q_proj'] },
      { ...word, options: { token: '<it>', vectors: 2 }, strength: 0.5 },
    ],
    // Pocket has 7 transformers, 11 residual blocks, and 4 layers in its text encoder.
    counts: { kept: 4 * 7 + 2 * 11 + 4 + 1 },
    methods: [
      ...['custom-diffusion', 'krona', 'loha', 'lokr', 'lokr', 'lora', 'oft', 'textual-inversion'],
    ],
  },
  {
    what: 'LoRAs become one of all their ranks, whatever their scales',
    given: [
      { method: 'lora', options: { rank: 2, alpha: 6 }, targets: ['attention'], strength: 0.7 },
      {
        method: 'lora',
        options: { rank: 3, rankStabilized: true },
        targets: [attn1],
        strength: -1,
      },
    ],
    counts: { kept: 7 * 7, joined: 7 },
    methods: ['lora', 'lora'],
  },
  {
    what: 'other sums become whole matrices, as do methods whose strength is not a factor',
    given: [
      { method: 'krona', options: krona, targets: [attn1, attn2], strength: 0.6 },
      { method: 'krona', options: krona, targets: [attn1], strength: 0.6 },
      { method: 'lora', options: { rank: 2 }, targets: [attn2] },
      { method: 'svdiff', targets: ['conv_shortcut'], strength: 0.5 },
      { method: 'lora', options: { dora: true }, targets: ['attn2.to_k'], strength: 0.5 },
      { method: 'lora', options: { rank: 90 }, targets: ['attn2.to_v'] },
      { method: 'lora', options: { rank: 90 }, targets: ['attn2.to_v'] },
      { method: 'dreambooth', targets: ['conv_in.bias'] },
      { method: 'dreambooth', targets: ['conv_in.bias'] },
    ],
    // Of the residual blocks 8 change the number of channels.
    counts: { full: 4 * 7 + 8 + 1 },
    methods: ['dreambooth'],
  },
];

test.each(cases)('$what, and the model computes the same', async ({ given, counts, methods }) => {
  const { adapters, one } = await combined(given);
  const bytes = encodeAdapterFile({ ...one, base: { name: 'pocket', sites: sites.length } });
  const again = decodeAdapterFile(bytes, 'combined', sites);
  const expected = await outputs(base, adapters);
  // Sums in another order.
  expect(relativeL2(await outputs(base, [{ ...again, file: 'one' }]), expected)).toBeLessThan(2e-6);
  expect(one.counts).toEqual({ ...none, ...counts });
  expect(one.placed.map(({ adapter }) => adapter.method).sort()).toEqual(methods);
});

describe('in a form that was asked for', () => {
  const given: readonly Trained[] = [
    { method: 'krona', options: krona, targets: [attn1, attn2], strength: 0.5 },
    { method: 'krona', options: krona, targets: [attn1] },
    { method: 'lora', options: { rank: 2 }, targets: ['attn1.to_k'] },
    { method: 'lora', options: { rank: 2 }, targets: ['attn1.to_k'] },
    { method: 'dreambooth', targets: ['conv_in.bias'] },
    { ...word },
  ];

  test('a KronA alone stays, a sum of two is the nearest with the error that is left', async () => {
    const { one } = await combined(given, { as: 'krona', ...krona, layout: 'kron' });
    expect(one.counts).toEqual({ ...none, kept: 2, fitted: 3 * 7 });
    const errorsOf = (name: string) =>
      one.errors.filter(({ site }) => site.endsWith(name)).map(({ error }) => error);
    expect(Math.max(...errorsOf(attn2))).toBe(0);
    // What is left is the smaller of two singular values: a share of 1/√2 at most.
    for (const error of errorsOf(attn1)) expect(error).toBeLessThan(Math.SQRT1_2);
    expect(Math.min(...errorsOf(attn1))).toBeGreaterThan(0.1);
  });

  test('LoRAs within the rank stay, what is larger is the nearest of that rank', async () => {
    const { one } = await combined(given, { as: 'lora', rank: 4 });
    const loras = one.placed.filter(({ adapter }) => adapter.method === 'lora');
    expect(new Set(loras.map(({ adapter }) => adapter.options.rank))).toEqual(new Set([4]));
    const joined = one.errors.filter(({ site }) => site.endsWith('attn1.to_k'));
    // Sums of four products in float32.
    expect(Math.max(...joined.map(({ error }) => error))).toBeLessThan(1e-6);
    const others = one.errors.filter(({ site }) => /to_q$/.test(site));
    expect(Math.min(...others.map(({ error }) => error))).toBeGreaterThan(0.1);
  });
});

describe('words', () => {
  test('of two adapters stand in one, in the order of their rows', async () => {
    const { adapters, one } = await combined([
      { ...word, options: { token: '<it>', vectors: 2 } },
      { ...word, options: { token: '<subject>' } },
    ]);
    expect(one.counts).toEqual({ ...none, words: 1 });
    const file = { placed: one.placed, tensors: one.tensors, file: 'both.safetensors' };
    expect((await outputs(base, [file])).data).toEqual((await outputs(base, adapters)).data);
  });

  test('that are equal are refused, unless one is off', async () => {
    await expect(combined([{ ...word }, { ...word }])).rejects.toThrow(
      expect.objectContaining({ code: 'TOKEN_TWICE' }),
    );
    const { one } = await combined([{ ...word }, { ...word, strength: 0 }]);
    expect(one.counts).toEqual({ ...none, kept: 1 });
  });
});

test('adapters that are all left out make none', async () => {
  const absent = { method: 'krona', options: krona, targets: [attn1], strength: 0 } as const;
  await expect(combined([absent, absent])).rejects.toThrow(
    expect.objectContaining({ code: 'NOTHING_TO_COMBINE' }),
  );
});

import { describe, expect, test } from 'vitest';
import { familySites } from '../../../test/family-sites.ts';
import { configureAdapter, initialTensors, placeAdapter } from '../../adapters/index.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { chooseSites } from '../../nn/index.ts';
import { float32 } from '../../tensor/tensor.ts';
import { writtenModules } from '../methods/known-methods.ts';
import { loadersOf, lokrRebuilders, wordLoaders } from './loaders.ts';

const sites = await familySites('sd15');

function modulesOf(method: string, options: Readonly<Record<string, unknown>>) {
  const placed = placeAdapter(
    configureAdapter(method, options),
    chooseSites(sites, ['mid_block.*attn2.to_*']),
  );
  const tensors = initialTensors(placed, new TorchGenerator(0), ({ out, in: inner }) =>
    float32([out, inner]),
  );
  return writtenModules({ placed: [placed], tensors, base: { name: 'sd15', sites: sites.length } });
}

function loading(
  method: string,
  options: Readonly<Record<string, unknown>>,
  style: Parameters<typeof loadersOf>[1],
): readonly string[] {
  return loadersOf(modulesOf(method, options), style)
    .filter(({ obstacle }) => obstacle === undefined)
    .map(({ program }) => program);
}

const all = ['ComfyUI', 'A1111', 'stable-diffusion.cpp'];

describe('what loads a file', () => {
  test.each([
    ['lora', { rank: 4 }, 'kohya', [...all, 'diffusers', 'LyCORIS']],
    ['lora', { rank: 1, alpha: 2 }, 'kohya', ['ComfyUI', 'A1111', 'diffusers', 'LyCORIS']],
    ['lora', { rank: 4, dora: true }, 'diffusers', ['diffusers']],
    ['lora', { rank: 4 }, 'diffusers', ['diffusers']],
    ['lora', { rank: 4 }, 'processor', ['ComfyUI', 'diffusers']],
    ['lora', { rank: 4 }, 'peft', ['PEFT']],
    ['lora', { rank: 4 }, 'lycoris', ['ComfyUI', 'LyCORIS']],
    ['krona', { a1: 16, a2: 16 }, 'kohya', [...all, 'LyCORIS']],
    ['krona', { a1: 4, a2: 64 }, 'kohya', all],
    ['krona', { a1: 16, a2: 16 }, 'peft', ['PEFT']],
    ['krona', { a1: 4, a2: 64, layout: 'reference' }, 'processor', []],
    ['dreambooth', {}, 'kohya', all],
    ['oft', { blockSize: 32 }, 'peft', ['PEFT']],
  ] as const)('of %s %j under the names of %s', (method, options, style, programs) => {
    expect(loading(method, options, style)).toEqual(programs);
  });

  test('says what stands against each of the others', () => {
    const obstacles = loadersOf(modulesOf('krona', { a1: 4, a2: 64 }), 'kohya');
    expect(
      Object.fromEntries(obstacles.map(({ program, obstacle }) => [program, obstacle])),
    ).toEqual({
      ComfyUI: undefined,
      A1111: undefined,
      'stable-diffusion.cpp': undefined,
      diffusers: 'it has no LoKr',
      PEFT: 'it knows other names of modules',
      LyCORIS: 'it rebuilds other sizes of factors',
    });
  });

  test('of DoRA under the names of kohya is neither ComfyUI nor diffusers', () => {
    const programs = loading('lora', { rank: 4, dora: true }, 'kohya');
    expect(programs).toContain('LyCORIS');
    expect(programs).not.toContain('ComfyUI');
    expect(programs).not.toContain('diffusers');
  });

  test('of several alphas under the names of kohya is not diffusers', () => {
    const modules = modulesOf('lora', { rank: 4 }).map((module, i) => ({
      ...module,
      ranked: { rank: 4, alpha: i === 0 ? 2 : 4, rankStabilized: false },
    }));
    const diffusers = (style: Parameters<typeof loadersOf>[1]) =>
      loadersOf(modules, style).find(({ program }) => program === 'diffusers')?.obstacle;
    expect(diffusers('kohya')).toContain('most frequent alpha');
    expect(diffusers('diffusers')).toBeUndefined();
  });

  test('of words of two text encoders leaves diffusers to its user', () => {
    expect(wordLoaders(1).map(({ obstacle }) => obstacle)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(wordLoaders(2).at(-1)?.obstacle).toContain('by hand');
  });
});

test('of Kronecker factors, LyCORIS and PEFT rebuild those that one number gives', () => {
  const attention = chooseSites(sites, ['attention']);
  const rebuilders = (a1: number, a2: number) =>
    lokrRebuilders(attention.map((site) => ({ site, size: [a1, a2] })));
  expect(rebuilders(16, 16)).toEqual({ peft: true, lycoris: true });
  // LyCORIS puts the smaller factor first: 320 = 5 · 64, 1280 = 20 · 64, PEFT the one that was asked for.
  expect(rebuilders(64, 64)).toEqual({ peft: true, lycoris: false });
  expect(rebuilders(4, 64)).toEqual({ peft: false, lycoris: false });
  const [site] = sites.filter(({ out, in: inner }) => out === 320 && inner === 320);
  if (site === undefined) throw new Error('no such site');
  expect(lokrRebuilders([{ site, size: [5, 5] }])).toEqual({ peft: true, lycoris: true });
  expect(lokrRebuilders([{ site, size: [8, 5] }])).toEqual({ peft: false, lycoris: false });
});

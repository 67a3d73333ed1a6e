import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configureAdapter } from '../src/adapters/index.ts';
import { openFamilyConfig } from '../src/models/families.ts';
import { traceUNet } from '../src/models/unet/sites.ts';
import { chooseSites } from '../src/nn/index.ts';
import { elementCount } from '../src/tensor/tensor.ts';
import { jsonLines } from './cli/terminal.ts';
import { compiledPath } from './programs/compiled.ts';

const bench = join(import.meta.dirname, '../bench');

function results(...args: readonly string[]): readonly Record<string, unknown>[] {
  const command = [compiledPath('bench/main.ts'), ...args, '--json', '--runs', '1'];
  return jsonLines(execFileSync(process.execPath, command, { encoding: 'utf8' }));
}

test('a step says its time, memory, rate and where the time goes, in one line', () => {
  const [result, ...others] = results('step', '--profile');
  expect(others).toEqual([]);
  expect(result).toMatchObject({
    benchmark: 'step',
    base: 'pocket',
    batch: 1,
    threads: expect.any(Number),
  });
  for (const key of ['seconds', 'flops', 'gflops', 'gemmShare']) {
    expect(Number(result?.[key])).toBeGreaterThan(0);
  }
  const shares = Object.values(result?.shareByOperation as Record<string, number>);
  // Each share is rounded to three digits.
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 1);
});

test('generating is a denoising step and a decoding', () => {
  expect(results('generate', '--resolution', '32').map(({ benchmark }) => benchmark)).toEqual([
    'denoise',
    'decode',
  ]);
});

const hasTorch = spawnSync('python3', ['-c', 'import torch']).status === 0;
const peer = (...args: readonly string[]): Readonly<Record<string, number>> =>
  JSON.parse(
    execFileSync('python3', [join(bench, 'peer_pytorch.py'), ...args], { encoding: 'utf8' }),
  );

test.runIf(hasTorch)('the peer has the parameters of SD 1.5 and of KronA (4, 64)', async () => {
  const found = peer('64', '1', '2', '--check');
  const { sites, weights } = traceUNet((await openFamilyConfig('sd15')).unet);
  const adapter = configureAdapter('krona', { a1: 4, a2: 64 });
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  expect(found).toMatchObject({
    frozen: sum([...weights.values()].map(({ shape }) => elementCount(shape))),
    trained: sum(chooseSites(sites, ['attention']).map((site) => adapter.parameterCount(site))),
  });
});

test.runIf(hasTorch)('the order of products in the published layer is the cheap one', () => {
  const published = peer('64', '1', '2', '--check', '--layer', 'published');
  const merged = peer('64', '1', '2', '--check', '--layer', 'merged');
  // Of 1280 x 1280: 320·20·4 + 64·4·20 multiplications a token beside 1280², where the other order has 320·20·64.
  expect(Number(published.flops) / Number(merged.flops)).toBeLessThan(1.02);
});

test.runIf(hasTorch)('all renderings of the peer are the same step', () => {
  const small = ['--levels', '64', '64', '128', '128', '--context', '64'];
  const distances = Object.entries(peer('8', '1', '1', '--agree', ...small));
  expect(distances.length).toBe(16);
  for (const [rendering, distance] of distances) {
    // Rounding of float32 over some dozens of layers; bfloat16 has eight bits.
    expect(distance, rendering).toBeLessThan(rendering.endsWith('bf16') ? 2 ** -5 : 1e-5);
  }
});

import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configureAdapter } from '../src/adapters/index.ts';
import { openFamilyConfig } from '../src/models/families.ts';
import { traceUNet } from '../src/models/unet/sites.ts';
import { chooseSites } from '../src/nn/index.ts';
import { elementCount } from '../src/tensor/tensor.ts';
import { jsonLines } from './cli/terminal.ts';

const bench = join(import.meta.dirname, '../bench');

function results(...args: readonly string[]): readonly Record<string, unknown>[] {
  const command = ['--import', 'tsx', join(bench, 'main.ts'), ...args, '--json', '--runs', '1'];
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

test.runIf(spawnSync('python3', ['-c', 'import torch']).status === 0)(
  'the peer has the parameters of SD 1.5 and of KronA (4, 64)',
  async () => {
    const script = join(bench, 'peer_pytorch.py');
    const text = execFileSync('python3', [script, '64', '1', '2', '--check'], { encoding: 'utf8' });
    const { sites, weights } = traceUNet((await openFamilyConfig('sd15')).unet);
    const adapter = configureAdapter('krona', { a1: 4, a2: 64 });
    const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
    expect(JSON.parse(text)).toMatchObject({
      frozen: sum([...weights.values()].map(({ shape }) => elementCount(shape))),
      trained: sum(chooseSites(sites, ['attention']).map((site) => adapter.parameterCount(site))),
    });
  },
);

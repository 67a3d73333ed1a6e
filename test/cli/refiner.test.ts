import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeImage } from '../../src/data/image.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { readPngText } from '../../src/formats/png/png-text.ts';
import { makeRandomModel } from '../../src/pipeline/random/random-model.ts';
import { krona } from './terminal.ts';

let folder = '';
let base = '';
let refiner = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-refine-'));
  base = join(folder, 'base');
  refiner = join(folder, 'refiner');
  await makeRandomModel({ family: 'sdxl', size: 'tiny', out: base });
  await makeRandomModel({ family: 'sdxl-refiner', size: 'tiny', out: refiner, seed: 1 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const generate = (out: string, ...flags: readonly string[]) =>
  krona([
    ...['generate', '--prompt', 'a lighthouse', '--count', '1', '--steps', '5'],
    ...['--width', '64', '--height', '64', '--out', out, ...flags],
  ]);

test('a base hands over to its refiner, says when, and the picture knows', async () => {
  const out = join(folder, 'refined');
  const { code, err } = await generate(out, '--base', base, '--refiner', refiner);
  expect(code).toBe(0);
  expect(err).toContain('the base hands over to the refiner after 4 of 5 steps\n');
  const picture = join(out, '0001-seed0.png');
  const { out: inspected } = await krona(['inspect', picture]);
  expect(inspected).toContain(`refiner ${refiner}`);
  expect(inspected).toContain('refinerStart 0.8');
  for (const path of [picture, join(out, 'sheet.png')]) {
    const parameters = readPngText(readFileSync(path), path).get('parameters');
    expect(parameters).toContain(`Model: ${base}, Refiner: ${refiner}, Refiner switch at: 0.8`);
  }
});

test('a finished picture is refined by the refiner alone', async () => {
  const picture = join(folder, 'refined', '0001-seed0.png');
  const flags = ['--base', refiner, '--init-image', picture, '--noise', '0.4'];
  const { code, err } = await generate(join(folder, 'again'), ...flags, '--quiet');
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

test('a model that takes no score refines, and it is said', async () => {
  const out = join(folder, 'other');
  const flags = ['--base', base, '--refiner', base, '--refiner-start', '0.5'];
  const { code, err } = await generate(out, ...flags);
  expect(code).toBe(0);
  expect(err).toContain('after 2 of 5 steps\n');
  expect(err).toContain(`${base} takes no aesthetic score, so it was not made as a refiner`);
});

test('an adapter works in the base only, and it is said', async () => {
  const run = join(folder, 'run');
  const images = join(pocketFolder(), 'subjects', 'teapot');
  const given = ['--base', base, '--images', images, '--subject', 'sks teapot', '--out', run];
  const few = ['--adapter', 'lora', '--steps', '1', '--batch-size', '1', '--resolution', '64'];
  // Near the output: the backward pass stays short.
  const near = ['--targets', 'up_blocks.*.attn2.to_v', '--learning-rate', '0.1'];
  expect((await krona(['train', ...given, ...few, ...near, '--quiet'])).code).toBe(0);
  const drawn = async (...flags: readonly string[]) => {
    const out = join(folder, `adapted${flags.length}`);
    const { code, err } = await generate(out, '--base', base, ...flags);
    expect(code).toBe(0);
    return { err, picture: await decodeImage(readFileSync(join(out, '0001-seed0.png')), out) };
  };
  // Its own refiner: every difference is the adapter's.
  const handedOver = await drawn('--run', run, '--refiner', base, '--refiner-start', '0.5');
  expect(handedOver.err).toContain('adapters work in the steps of the base; the refiner');
  expect(handedOver.picture).not.toEqual((await drawn('--run', run)).picture);
  expect(handedOver.picture).not.toEqual((await drawn()).picture);
});

test.each([
  [['--refiner-start', '0.5'], 2, 'add --refiner, or leave --refiner-start out', 'NO_REFINER'],
  [['--refiner', 'pocket'], 1, 'it goes on from latents of 8 channels, 1/4', 'REFINER_LATENTS'],
  [['--refiner', 'BASE', '--refiner-start', '0.1'], 2, 'the base none of 5', 'REFINER_START'],
])('%j is refused', async (flags, exitCode, words, errorCode) => {
  const given = flags.map((flag) => (flag === 'BASE' ? base : flag));
  const { code, err } = await generate(join(folder, 'nothing'), '--base', base, ...given);
  expect(code).toBe(exitCode);
  expect(err).toContain(words);
  expect(err).toContain(`[${errorCode}]`);
});

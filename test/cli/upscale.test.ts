import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeImage, encodePng } from '../../src/data/image.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { resize } from '../../src/data/resize.ts';
import { readPngText } from '../../src/formats/png/png-text.ts';
import { foundSettings } from '../../src/generate/settings/found-settings.ts';
import { makeUpscalerFolder } from '../upscaler-folder.ts';
import { krona } from './terminal.ts';

const teapot = join(pocketFolder(), 'subjects', 'teapot', '00.png');

let folder = '';
let upscaler = '';
let small = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-upscale-'));
  upscaler = await makeUpscalerFolder(join(folder, 'x4'));
  small = join(folder, 'small.png');
  const picture = await decodeImage(readFileSync(teapot), teapot);
  writeFileSync(small, await encodePng(resize(picture, { width: 13, height: 10 }, 'lanczos')));
});
afterAll(() => rmSync(folder, { recursive: true }));

const image = async (path: string) => await decodeImage(readFileSync(path), path);
const parameters = (path: string) => readPngText(readFileSync(path), path).get('parameters');

test('generated pictures are drawn again, enlarged, and know how', async () => {
  const out = join(folder, 'twice');
  const given = ['--prompt', 'a red teapot', '--count', '1', '--steps', '2', '--out', out];
  const size = ['--width', '32', '--height', '40', '--upscale', '1.5', '--upscale-noise', '0.5'];
  const { code, err } = await krona(['generate', ...given, ...size, '--tile', '32']);
  expect({ code, err }).toMatchObject({ code: 0 });
  const path = join(out, '0001-seed0.png');
  expect(await image(path)).toMatchObject({ width: 48, height: 60 - (60 % 8) + 8 });
  const told =
    'Denoising strength: 0.5, Hires upscale: 1.5, Hires steps: 2, Hires upscaler: Lanczos';
  expect(parameters(path)).toContain(`Size: 32x40, ${told}`);
  // What stands inside a picture is its prompt when it is enlarged after the fact.
  const again = join(folder, 'again');
  const flags = ['--factor', '1.5', '--noise', '0.5', '--steps', '2', '--out', again];
  expect((await krona(['upscale', path, small, ...flags])).code).toBe(0);
  expect(await image(join(again, '0001-seed0.png'))).toMatchObject({ width: 72, height: 96 });
  expect(parameters(join(again, '0001-seed0.png'))).toContain('a red teapot\n');
  expect(await image(join(again, 'small.png'))).toMatchObject({ width: 16, height: 16 });
});

test('a model made to enlarge does so by its own factor, in tiles where asked, and replaces nothing', async () => {
  const out = join(folder, 'by-model');
  const given = ['--base', upscaler, '--prompt', 'a teapot', '--steps', '2', '--out', out];
  for (const flags of [[], ['--tile', '32', '--noise-level', '50']]) {
    const { code, err } = await krona(['upscale', small, ...given, ...flags]);
    expect({ code, err }).toMatchObject({ code: 0 });
  }
  for (const name of ['small.png', 'small-2.png']) {
    expect(await image(join(out, name))).toMatchObject({ width: 52, height: 40 });
  }
  expect(parameters(join(out, 'small.png'))).toContain('Upscaled by: 4, Noise level: 20');
  expect(await image(join(out, 'small.png'))).not.toEqual(await image(join(out, 'small-2.png')));
});

test('the choices of a prompt are made, and what it came to stands in the picture', async () => {
  const out = join(folder, 'chosen');
  const given = ['--prompt', 'a {red|red} teapot (new:1.2)', '--steps', '1', '--out', out];
  const { code, err } = await krona(['upscale', small, '--base', upscaler, ...given]);
  expect({ code, err }).toMatchObject({ code: 0 });
  const path = join(out, 'small.png');
  const texts = readPngText(readFileSync(path), path);
  const prompt = 'a red teapot (new:1.2)';
  expect(texts.get('parameters')?.split('\n')[0]).toBe(prompt);
  expect(JSON.parse(texts.get('krona') ?? '')).toMatchObject({
    ...{ prompt, base: upscaler, steps: 1, guidance: 9, noiseLevel: 20, seed: 0 },
  });
  expect(foundSettings(texts)).toMatchObject({ from: 'krona', settings: { prompt } });
  expect(foundSettings(texts)?.settings).not.toHaveProperty('base');
});

test.each([
  [
    ['upscale', 'SMALL', '--base', 'X4', '--prompt', 'a __beast__'],
    'beast.txt',
    'WILDCARDS_MISSING',
  ],
  [['upscale', 'SMALL', '--base', 'X4', '--negative', '{a|b}'], 'of prompts', 'PROMPT_CHOICES'],
  [['upscale', 'SMALL', '--base', 'X4', '--factor', '2'], 'leave --factor out', 'UPSCALE_SETTING'],
  [['upscale', 'SMALL', '--noise-level', '3'], 'the base is none', 'UPSCALE_SETTING'],
  [['upscale', 'SMALL', '--base', 'X4', '--noise-level', '51'], '0 to 50', 'NOISE_LEVEL'],
  [['generate', '--prompt', 'a', '--base', 'X4'], 'krona upscale', 'UPSCALER_BASE'],
  [['generate', '--prompt', 'a', '--tile', '64'], 'add --upscale', 'NO_UPSCALE'],
])('%j is refused', async (given, words, errorCode) => {
  const flags = given.map((flag) => ({ SMALL: small, X4: upscaler })[flag] ?? flag);
  const { code, err } = await krona([...flags, '--out', join(folder, 'nothing')]);
  expect(code).toBe(2);
  expect(err).toContain(words);
  expect(err).toContain(`[${errorCode}]`);
});

describe('of a model of the hub, before anything of it is fetched', () => {
  const known = 'stabilityai/stable-diffusion-x4-upscaler';

  test.each([
    [['generate', '--prompt', 'a', '--base', known], 'UPSCALER_BASE'],
    [['generate', '--prompt', 'a', '--base', known, '--init-image', 'SMALL'], 'UPSCALER_BASE'],
    [['upscale', 'SMALL', '--base', known, '--factor', '2'], 'UPSCALE_SETTING'],
    [['upscale', 'SMALL', '--base', known, '--noise-level', '351'], 'NOISE_LEVEL'],
    [['upscale', 'SMALL', '--base', known, '--prompt', 'a __beast__'], 'WILDCARDS_MISSING'],
  ])('%j is refused', async (given, errorCode) => {
    vi.stubEnv('HF_HOME', join(folder, 'no-cache'));
    // Where nobody listens.
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:1');
    const flags = given.map((flag) => (flag === 'SMALL' ? small : flag));
    const { code, err } = await krona([...flags, '--out', join(folder, 'nothing')]);
    vi.unstubAllEnvs();
    expect(code).toBe(2);
    expect(err).toContain(`[${errorCode}]`);
    expect(err).not.toContain('half as large');
  });
});

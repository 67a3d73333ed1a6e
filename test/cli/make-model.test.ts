import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Interruption } from '../../src/cli/shell/failure.ts';
import { openTokenizer } from '../../src/data/open-tokenizer.ts';
import { openText, openUNet, openVae } from '../../src/pipeline/base/open-base.ts';
import { makeRandomModel } from '../../src/pipeline/random/random-model.ts';
import { openSafetensors } from '../../src/storage/weights/safetensors-file.ts';
import { jsonLines, krona } from './terminal.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-make-model-'));
});
afterEach(() => rm(folder, { recursive: true }));

const tiny = (family: string, out: string, ...more: readonly string[]) =>
  krona(['make-model', '--family', family, '--size', 'tiny', '--out', out, ...more]);

describe('krona make-model', () => {
  test.each([
    ['sd15', ['']],
    ['sd21', ['']],
    ['sdxl', ['', '_2']],
    ['sdxl-refiner', ['_2']],
  ])(
    '%s has every part, with the weights that its configurations ask for',
    async (family, ends) => {
      const out = join(folder, family);
      const { code, err } = await tiny(family, out);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      await openUNet(join(out, 'unet'));
      await openVae(join(out, 'vae'));
      for (const end of ends) {
        await openText(join(out, `text_encoder${end}`));
        const tokenizer = await openTokenizer(join(out, `tokenizer${end}`));
        expect(tokenizer.vocabularySize).toBe(49408);
      }
    },
  );

  test('generates a picture that is neither empty nor broken', async () => {
    const base = join(folder, 'base');
    await tiny('sd15', base, '--dtype', 'f32');
    const out = join(folder, 'pictures');
    const size = ['--width', '64', '--height', '64', '--steps', '2'];
    const arguments_ = ['--base', base, '--prompt', 'noise', '--out', out, ...size];
    const { code, err } = await krona(['generate', ...arguments_, '--quiet']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [picture = ''] = (await readdir(out)).filter((name) => /^0.*png$/.test(name));
    // Numbers that are not finite would become one black.
    const { channels } = await sharp(join(out, picture)).stats();
    expect(Math.min(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(1);
  });

  test('tells programs how far it is, and what it made', async () => {
    const out = join(folder, 'told');
    const events = jsonLines((await tiny('sd15', out, '--json')).out);
    expect(new Set(events.slice(0, -1).map(({ type }) => type))).toEqual(new Set(['writing']));
    const { totalBytes } = events[0] ?? {};
    expect(events.at(-1)).toEqual({ type: 'made', out, weightBytes: totalBytes });
  });

  test('equal seeds give equal files, others do not', async () => {
    const weightsOf = async (name: string, seed: string) => {
      await tiny('sd15', join(folder, name), '--seed', seed);
      return await readFile(join(folder, name, 'unet', 'diffusion_pytorch_model.safetensors'));
    };
    const first = await weightsOf('a', '1');
    expect(first.equals(await weightsOf('b', '1'))).toBe(true);
    expect(first.equals(await weightsOf('c', '2'))).toBe(false);
  });

  test('a matrix spreads as its inputs ask, norms and biases start neutral', async () => {
    await tiny('sd15', join(folder, 'm'), '--dtype', 'f32');
    const path = join(folder, 'm', 'unet', 'diffusion_pytorch_model.safetensors');
    const file = await openSafetensors(path);
    const matrix = await file.read('mid_block.attentions.0.transformer_blocks.0.ff.net.2.weight');
    const numbers = Array.from(matrix.data, Number);
    const variance = numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length;
    // 16,384 samples: the relative error of a variance is about √(2/n), 1 %.
    expect(variance / (0.49 / 256)).toBeCloseTo(1, 1);
    const norm = 'mid_block.resnets.0.norm1';
    expect(new Set(Array.from((await file.read(`${norm}.weight`)).data, Number))).toEqual(
      new Set([1]),
    );
    expect(new Set(Array.from((await file.read(`${norm}.bias`)).data, Number))).toEqual(
      new Set([0]),
    );
  });

  test('refuses a folder that holds something', async () => {
    await writeFile(join(folder, 'thesis.txt'), '');
    const { code, err } = await tiny('sd15', folder);
    expect({ code, err }).toEqual({
      code: 1,
      err: `error: out: ${folder} is not empty (thesis.txt); choose a new folder [FOLDER_NOT_EMPTY]\n`,
    });
  });

  test('stopped, it leaves nothing behind', async () => {
    const out = join(folder, 'stopped');
    const controller = new AbortController();
    const stopped = makeRandomModel(
      { family: 'sd15', size: 'tiny', out },
      {
        signal: controller.signal,
        listener: ({ part, doneBytes }) => {
          if (part === 'unet' && doneBytes > 0) controller.abort(new Interruption('stopped'));
        },
      },
    );
    await expect(stopped).rejects.toThrow(Interruption);
    expect(await readdir(folder)).toEqual([]);
  });
});

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { float32 } from '../../tensor/tensor.ts';
import { openBaseModel } from '../base/open-base.ts';
import { type TextToImage, textToImage } from '../draw/text-to-image.ts';
import { makeRandomModel } from '../random/random-model.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-finite-'));
afterAll(() => rm(folder, { recursive: true }));

const sound = join(folder, 'sound');
await makeRandomModel({ family: 'sd15', size: 'tiny', out: sound, seed: 1, dtype: 'f32' });

const options: TextToImage = {
  prompt: 'a dog',
  seeds: [0],
  steps: 4,
  sampler: 'ddim',
  guidance: { scale: 3 },
  size: { width: 64, height: 64 },
};

/** A copy of the model in which one tensor is replaced by equal numbers. */
async function broken(file: string, name: string, value: number): Promise<string> {
  const out = await mkdtemp(join(folder, 'broken-'));
  await cp(sound, out, { recursive: true });
  const path = join(out, file);
  const { tensors, metadata } = decodeSafetensors(await readFile(path), path);
  const shape = tensors.get(name)?.shape ?? [];
  const filled = float32(shape);
  filled.data.fill(value);
  expect(filled.data.length).toBeGreaterThan(1);
  await writeFile(path, encodeSafetensors([...new Map([...tensors, [name, filled]])], metadata));
  return out;
}

const unet = join('unet', 'diffusion_pytorch_model.safetensors');

describe('a network that breaks down is not drawn', () => {
  test.each([
    [unet, 'conv_out.bias', Number.NaN, 'LATENTS_NOT_FINITE', 'step 1 of 4 (timestep 751)'],
    // The answer is finite, what the sampler makes of it is not: √(1-ᾱ) / √ᾱ is above 1 at the first step.
    [unet, 'conv_out.bias', 3.4e38, 'LATENTS_NOT_FINITE', 'step 1 of 4 (timestep 751)'],
    [
      join('text_encoder', 'model.safetensors'),
      'text_model.final_layer_norm.bias',
      Number.POSITIVE_INFINITY,
      'TEXT_NOT_FINITE',
      'what the text encoders make of "a dog"',
    ],
    [
      join('vae', 'diffusion_pytorch_model.safetensors'),
      'decoder.conv_out.bias',
      Number.NaN,
      'PICTURE_NOT_FINITE',
      'the picture that the VAE makes of latents',
    ],
  ])('%s with %s of %d', async (file, name, value, code, words) => {
    const base = await openBaseModel(await broken(file, name, value));
    const drawn = textToImage(base, options);
    await expect(drawn).rejects.toMatchObject({ code });
    await expect(drawn).rejects.toThrow(words);
  });

  test('nor counted from elsewhere than the step that was asked for', async () => {
    const base = await openBaseModel(await broken(unet, 'conv_out.bias', Number.NaN));
    const picture = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) };
    const initial = { picture, noise: 0.5 };
    await expect(textToImage(base, { ...options, initial })).rejects.toThrow(
      'step 1 of 2 (timestep 251)',
    );
  });
});

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configureAdapter, encodeAdapterFile, initialTensors } from '../../src/adapters/index.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { blankImage } from '../../src/data/image.ts';
import { pocketFolder, pocketSubjects } from '../../src/data/pocket.ts';
import { encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { float32 } from '../../src/tensor/tensor.ts';
import { krona } from './terminal.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-inspect-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function inspect(path: string): Promise<string> {
  const { code, out, err } = await krona(['inspect', path]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.replaceAll(folder, 'FOLDER').replaceAll(pocketFolder(), 'POCKET');
}

function place(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function adapterBytes(): Uint8Array<ArrayBuffer> {
  const sites = [{ name: 'unet.mid.to_q', kind: 'linear', out: 8, in: 16 }] as const;
  const placed = { adapter: configureAdapter('krona', { a1: 4, a2: 4 }), sites };
  return encodeAdapterFile({
    placed: [placed],
    tensors: initialTensors(placed, new TorchGenerator(0)),
    targets: ['to_q'],
    base: { name: 'pocket', sites: 83 },
    training: { subject: 'sks dog', class: 'dog', steps: 3, seed: 0 },
  });
}

describe('inspecting', () => {
  test('an adapter shows its method, base, training and health', async () => {
    expect(await inspect(place('adapter.safetensors', adapterBytes()))).toMatchInlineSnapshot(`
      "FOLDER/adapter.safetensors: a krona adapter for pocket

      format      of krona
      krona       a1 4, a2 4, layout kron, initialA normal, initialB zero, scale 1, dropout 0
      sites       1 of the base's 83, targets to_q
      parameters  24
      words       sks dog
      training    subject sks dog, class dog, steps 3, seed 0
      tensors     2 tensors (2 f32)
      numbers     24, 96 bytes
      health      no NaN, no infinity; all zero: unet.mid.to_q.B
      loads in    krona

      block     sites  parameters  size (median)
      unet.mid      1          24              0

      warning: it changes nothing: at every site a factor is all zero, as before the training

      make pictures: krona generate --adapter FOLDER/adapter.safetensors --prompt "a {subject} on the beach" --out pictures
      "
    `);
  });

  test('an adapter with NaN warns', async () => {
    const bytes = adapterBytes();
    // The last number of the file, as little-endian float32 NaN.
    bytes.set([0, 0, 0xc0, 0x7f], bytes.byteLength - 4);
    const text = await inspect(place('broken.safetensors', bytes));
    expect(text).toContain('an adapter of ours with broken numbers');
    expect(text).toMatch(/warning: NaN or infinity in unet\.mid\.to_q\.[AB]:/);
  });

  test('a model folder shows its parts, precision and prediction type', async () => {
    expect(await inspect(pocketFolder())).toMatchInlineSnapshot(`
      "POCKET: a model folder (StableDiffusionPipeline)

      family        none of the shipped ones
      unet          6,081,448 parameters, 12.2 MB, f16
      vae           689,083 parameters, 1.38 MB, f16
      text_encoder  911,232 parameters, 1.82 MB, f16
      scheduler     DDIMScheduler, v_prediction, zero terminal SNR
      folders       README.md, clip, dino, krona.json, model_index.json, prompts.json, samples.png, scheduler, subjects, text_encoder, tokenizer, unet, vae

      train on it: krona train --base POCKET --images DIR --subject "sks dog" --out RUN
      count parameters: krona plan --base POCKET
      "
    `);
  });

  test('one part of a model shows its class', async () => {
    expect(await inspect(join(pocketFolder(), 'unet'))).toContain('UNet2DConditionModel');
    expect(await inspect(join(pocketFolder(), 'clip'))).toContain('CLIPModel');
  });

  test("another tool's file says what it looks like, with its metadata", async () => {
    const bytes = encodeSafetensors(
      [
        ['lora_unet_mid_attn.lora_down.weight', float32([2, 2], [1, 2, 3, 4])],
        ['lora_unet_mid_attn.lora_up.weight', float32([2, 2])],
      ],
      { ss_network_dim: '2' },
    );
    expect(await inspect(place('kohya.safetensors', bytes))).toMatchInlineSnapshot(`
      "FOLDER/kohya.safetensors: a file of tensors: a LoRA file in kohya's naming; use it with a base of its kind

      tensors                  2 tensors (2 f32)
      numbers                  8, 32 bytes
      health                   no NaN, no infinity; all zero: lora_unet_mid_attn.lora_up.weight
      for example              lora_unet_mid_attn.lora_down.weight f32 [2, 2]
      for example              lora_unet_mid_attn.lora_up.weight f32 [2, 2]
      metadata ss_network_dim  2

      warning: FOLDER/kohya.safetensors: 1 of 1 module belongs to nothing of the base:
        "lora_unet_mid_attn" (the nearest of the base is "lora_unet_conv_in")
      none of it is of this base: use it with a base of its own kind (--base reads it for another base)
      "
    `);
  });

  test('a folder of pictures counts them and says what is skipped', async () => {
    const [subject] = await pocketSubjects();
    if (subject === undefined) throw new Error('no subjects');
    const pictures = join(folder, 'pictures');
    mkdirSync(pictures);
    copyFileSync(subject.images[0] ?? '', join(pictures, '0.png'));
    writeFileSync(join(pictures, 'Thumbs.db'), '');
    const text = await inspect(pictures);
    expect(text).toContain('a folder with 1 picture\n');
    expect(text).toContain('Thumbs.db: a file of the operating system');
  });

  test('a picture of somebody else shows its size', async () => {
    const text = await inspect(join(pocketFolder(), 'subjects/cat/00.png'));
    expect(text).toContain('a picture, not made by krona\n\nsize  64 x 64\n');
  });

  test.each(['jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)('a %s is a picture', async (kind) => {
    const { data, ...raw } = blankImage(8, 4);
    const picture = sharp(data, { raw: { ...raw, channels: 3 } }).toFormat(kind);
    const text = await inspect(place('picture', await picture.toBuffer()));
    expect(text).toContain('a picture, not made by krona\n\nsize  8 x 4\n');
  });

  test.each([
    ['an old checkpoint', 'PK\u0003\u0004', 'a zip archive, probably a PyTorch'],
    ['a pointer', 'version https://git-lfs.github.com/spec/v1\n', 'a git-LFS pointer'],
    ['settings', '{ "a": 1, "b": 2 }', 'a JSON file\n\nkeys  a, b\n'],
    ['anything', '\u0001\u0002', 'a file of none of the kinds known here'],
    ['nothing', '', 'a file of none of the kinds known here'],
  ])('%s says what it looks like', async (_what, content, part) => {
    expect(await inspect(place('file.bin', content))).toContain(part);
  });

  test('anything for programs gives JSON', async () => {
    const path = place('adapter.safetensors', adapterBytes());
    const { out } = await krona(['inspect', path, '--json']);
    expect(JSON.parse(out)).toMatchObject({
      path,
      kind: 'adapter',
      adapters: [{ method: 'krona' }],
      parameters: 24,
      summary: { tensors: 2, dtypes: { f32: 2 }, notFinite: [], allZero: ['unet.mid.to_q.B'] },
    });
  });

  test('a broken file fails with the reason', async () => {
    const path = place('short.safetensors', adapterBytes().slice(0, 100));
    const { code, out, err } = await krona(['inspect', path]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('[SAFETENSORS_HEADER_SIZE]');
  });

  test('nothing fails', async () => {
    const { code, err } = await krona(['inspect', join(folder, 'nowhere')]);
    expect(code).toBe(1);
    expect(err).toMatch(/nowhere: there is no such file or folder \[FILE_NOT_FOUND\]\n$/);
  });
});

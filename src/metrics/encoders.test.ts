import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixturePath } from '../../test/fixtures.ts';
import { pocketFolder, pocketSubjects } from '../data/pocket.ts';
import { applyTransform, dinoTransform } from '../data/transforms.ts';
import { decodeSafetensors } from '../formats/safetensors/safetensors.ts';
import { input } from '../graph/index.ts';
import { vit } from '../models/vit/vit.ts';
import { openNetwork } from '../pipeline/network/open-network.ts';
import { readBytes } from '../storage/files/binary-file.ts';
import { matmul, relativeL2, transpose2d } from '../tensor/linear-algebra/host-matrices.ts';
import { float32, reshaped, rowsOf } from '../tensor/tensor.ts';
import { unitRows } from './encoder-batches.ts';
import { locateEncoder } from './encoder-folder.ts';
import { openImageText } from './image-text.ts';
import { readPictures } from './scored-pictures.ts';
import { openSelfSupervised, openVitModel } from './self-supervised.ts';

const catAndTeapot = async () => {
  const subjects = await pocketSubjects();
  return ['cat', 'teapot'].flatMap(
    (wanted) => subjects.find(({ name }) => name === wanted)?.images[0] ?? [],
  );
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-encoders-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the bundled encoders', () => {
  test('give the embeddings of PyTorch, from files to unit vectors', async () => {
    const path = fixturePath('pocket/reference.safetensors');
    const expected = decodeSafetensors(await readBytes(path), path).tensors;
    await using clip = await openImageText(await locateEncoder('pocket', 'clip'));
    await using dino = await openSelfSupervised(await locateEncoder('pocket', 'dino'));
    const pictures = await readPictures(await catAndTeapot());
    const texts = await clip.encodeTexts(['a photo of a cat on the beach', 'a cat']);
    const computed = {
      clip_image_embeds: await clip.encodePictures(pictures),
      clip_text_embeds: texts,
      dino_cls: await dino.encodePictures(pictures),
    };
    for (const [name, actual] of Object.entries(computed)) {
      const { shape, data } = expected.get(name) ?? float32([0]);
      const wanted = unitRows(float32(shape, Array.from(data, Number)));
      // Float32 through four layers; PyTorch's own advice is 1e-4.
      expect(relativeL2(actual, wanted), name).toBeLessThan(1e-5);
    }
  });
});

describe('the bundled CLIP', () => {
  test('gives unit vectors in which a picture is nearest to its own caption', async () => {
    await using clip = await openImageText(await locateEncoder('pocket', 'clip'));
    const pictures = await clip.encodePictures(await readPictures(await catAndTeapot()));
    const texts = await clip.encodeTexts(['a cat', 'a teapot']);
    expect(pictures.shape).toEqual([2, 128]);
    const own = matmul(pictures, transpose2d(pictures));
    expect(own.data[0]).toBeCloseTo(1, 6);
    expect(own.data[3]).toBeCloseTo(1, 6);
    const [catCat = 0, catTeapot = 0, , teapotTeapot = 0] = matmul(
      pictures,
      transpose2d(texts),
    ).data;
    expect(catCat).toBeGreaterThan(catTeapot);
    expect(teapotTeapot).toBeGreaterThan(catTeapot);
  });

  test('gives a picture the same vector in a full batch, in a filled one and alone', async () => {
    await using clip = await openImageText(await locateEncoder('pocket', 'clip'));
    const subjects = await pocketSubjects();
    const paths = subjects.flatMap(({ images }) => images).slice(0, 11);
    const pictures = await readPictures(paths);
    const together = await clip.encodePictures(pictures);
    expect(together.shape).toEqual([11, 128]);
    for (const i of [0, 7, 10]) {
      const alone = await clip.encodePictures(pictures.slice(i, i + 1));
      expect(alone.data).toEqual(rowsOf(together, i, i + 1).data);
    }
  });
});

describe('the bundled DINO', () => {
  test('gives the same subject nearer vectors than another', async () => {
    await using dino = await openSelfSupervised(await locateEncoder('pocket', 'dino'));
    const subjects = await pocketSubjects();
    const of = (name: string) => subjects.find((each) => each.name === name)?.images ?? [];
    const vectors = await dino.encodePictures(
      await readPictures([...of('teapot').slice(0, 2), ...of('cat').slice(0, 1)]),
    );
    const [, same = 0, other = 0] = matmul(vectors, transpose2d(vectors)).data;
    expect(same).toBeGreaterThan(other + 0.3);
  });
});

describe('a ViT whose folder normalises as DINO does', () => {
  test('sees 224 of 256 pixels, with its positions interpolated', async () => {
    const place = join(folder, 'dino');
    await cp(join(pocketFolder(), 'dino'), place, { recursive: true });
    const { mean: image_mean, deviation: image_std } = dinoTransform;
    const processor = JSON.stringify({ image_mean, image_std, size: 224 });
    await writeFile(join(place, 'preprocessor_config.json'), processor);
    const [picture] = await readPictures(await catAndTeapot());
    if (picture === undefined) throw new Error('no picture');
    await using dino = await openSelfSupervised(await locateEncoder(place, 'dino'));
    const found = await dino.encodePictures([picture]);

    const { config, weights } = await openVitModel(place);
    await using session = await openNetwork(weights, (graph, scope) => ({
      all: vit(scope, config, input(graph, 'pictures', 'f32', [1, 3, 224, 224])).lastHiddenState,
    }));
    const pictures = reshaped(applyTransform(picture, dinoTransform), [1, 3, 224, 224]);
    const { shape, data } = (await session.run({ pictures })).get('all');
    expect(shape).toEqual([1, 1 + 28 ** 2, 128]);
    const expected = unitRows(float32([1, 128], data.subarray(0, 128)));
    // Float32 in other batches.
    expect(relativeL2(found, expected)).toBeLessThan(1e-5);
  });
});

describe('an encoder folder', () => {
  test('of another kind is refused with what was expected', async () => {
    await expect(
      openImageText(await locateEncoder(join(pocketFolder(), 'dino'), 'clip')),
    ).rejects.toThrow(/expected the folder of a CLIPModel .* found a model of type "vit"/);
    await expect(
      openSelfSupervised(await locateEncoder(join(pocketFolder(), 'clip'), 'dino')),
    ).rejects.toThrow(/expected the folder of a ViTModel .* found a model of type "clip"/);
  });

  test('that is no folder of a model is refused', async () => {
    await expect(openImageText(await locateEncoder(folder, 'clip'))).rejects.toMatchObject({
      code: 'ENCODER_FOLDER',
    });
  });

  test('without weights, or with a broken picture processor, is refused', async () => {
    await writeFile(join(folder, 'config.json'), '{"model_type": "vit", "hidden_size": 0}');
    await expect(openSelfSupervised(await locateEncoder(folder, 'dino'))).rejects.toMatchObject({
      code: 'VIT_CONFIG',
    });
  });
});

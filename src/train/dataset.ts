/** @file What a run trains on, computed once: the latent moments of every picture and the text states of its prompt. */
import { basename } from 'node:path';
import { DataError } from '../base/errors.ts';
import type { Image } from '../data/image.ts';
import { readImageFolder, type Skipped } from '../data/image-folder.ts';
import { dreamboothTransform, resizeAndCrop, toTensor } from '../data/transforms.ts';
import { ImageEncoder, type LatentMoments, type PictureSize } from '../pipeline/autoencoder.ts';
import type { BaseModel } from '../pipeline/base-model.ts';
import { TextEncoder } from '../pipeline/text-encoder.ts';
import { reshaped, type Tensor } from '../tensor/tensor.ts';

/** Pictures that share a prompt. */
export interface Concept {
  readonly pictures: readonly LatentMoments[];
  readonly states: Tensor<'f32'>; // [1, T, contextSize]
}

/** Pictures of the subject, and of its class where prior preservation is on. */
export interface Dataset {
  readonly subject: Concept;
  readonly prior: Concept | undefined;
}

/** Pictures as they were found and cut, before encoding. */
export interface LoadedPictures {
  readonly names: readonly string[];
  readonly pictures: readonly Image[];
  readonly skipped: readonly Skipped[];
}

/**
 * Reads, resizes and crops the pictures of a folder.
 *
 * @throws DataError where there are none, or naming those that cannot be read
 */
export async function loadPictures(
  folder: string,
  { height, width }: PictureSize,
): Promise<LoadedPictures> {
  if (height !== width) throw new DataError('NOT_SQUARE', 'training pictures are square');
  const transform = dreamboothTransform(height);
  const { images, skipped } = await readImageFolder(folder, (image) =>
    resizeAndCrop(image, transform),
  );
  return {
    names: images.map(({ path }) => basename(path)),
    pictures: images.map(({ image }) => image),
    skipped,
  };
}

/** The moments of every picture, in order. */
export async function encodePictures(
  base: BaseModel,
  pictures: readonly Image[],
  size: PictureSize,
): Promise<LatentMoments[]> {
  await using encoder = await ImageEncoder.open(base, size);
  const moments: LatentMoments[] = [];
  for (const picture of pictures) {
    const tensor = toTensor(picture);
    moments.push(await encoder.encode(reshaped(tensor, [1, ...tensor.shape])));
  }
  return moments;
}

/** The text states of prompts, in order, and what did not fit of them. */
export async function encodePrompts(
  base: BaseModel,
  prompts: readonly string[],
): Promise<{ readonly states: readonly Tensor<'f32'>[]; readonly truncated: readonly string[] }> {
  await using encoder = await TextEncoder.open(base);
  const states: Tensor<'f32'>[] = [];
  const truncated: string[] = [];
  for (const prompt of prompts) {
    const encoded = await encoder.encode(prompt);
    states.push(encoded.states);
    if (encoded.truncated !== undefined) truncated.push(encoded.truncated);
  }
  return { states, truncated };
}

/** The dataset as tensors by name, for the run folder. */
export function datasetTensors({ subject, prior }: Dataset): [string, Tensor][] {
  const rows: [string, Tensor][] = [];
  for (const [name, concept] of [
    ['subject', subject],
    ['prior', prior],
  ] as const) {
    if (concept === undefined) continue;
    rows.push([`${name}.states`, concept.states]);
    concept.pictures.forEach(({ mean, deviation }, i) => {
      rows.push([`${name}.${i}.mean`, mean], [`${name}.${i}.deviation`, deviation]);
    });
  }
  return rows;
}

/** Reads back what datasetTensors wrote. */
export function datasetOf(tensors: ReadonlyMap<string, Tensor>, where: string): Dataset {
  const subject = conceptOf(tensors, 'subject');
  if (subject === undefined) {
    throw new DataError(
      'DATASET_INCOMPLETE',
      `${where} holds no encoded pictures; remove it to encode them again`,
    );
  }
  return { subject, prior: conceptOf(tensors, 'prior') };
}

function conceptOf(tensors: ReadonlyMap<string, Tensor>, name: string): Concept | undefined {
  const states = float32At(tensors, `${name}.states`);
  if (states === undefined) return undefined;
  const pictures: LatentMoments[] = [];
  for (let i = 0; ; i++) {
    const mean = float32At(tensors, `${name}.${i}.mean`);
    const deviation = float32At(tensors, `${name}.${i}.deviation`);
    if (mean === undefined || deviation === undefined) break;
    pictures.push({ mean, deviation });
  }
  return pictures.length === 0 ? undefined : { pictures, states };
}

function float32At(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor<'f32'> | undefined {
  const found = tensors.get(name);
  return found?.dtype === 'f32' ? (found as Tensor<'f32'>) : undefined;
}

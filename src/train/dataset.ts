/** @file What a run trains on, computed once: the latent moments of every picture and the text states of its prompt. */
import { basename } from 'node:path';
import { DataError } from '../base/errors.ts';
import { readImageFolder, type Skipped } from '../data/image-folder.ts';
import { type Crop, dreamboothTransform, resizeAndCrop, toTensor } from '../data/transforms.ts';
import { ImageEncoder, type LatentMoments, type PictureSize } from '../pipeline/autoencoder.ts';
import type { BaseModel } from '../pipeline/base-model.ts';
import type { Framing } from '../pipeline/conditioning.ts';
import { type EncodedText, TextEncoder } from '../pipeline/text-encoder.ts';
import { reshaped, type Tensor, tensor } from '../tensor/tensor.ts';

/** A picture as the UNet sees it. */
export interface EncodedPicture extends LatentMoments {
  readonly framing: Framing;
}

/** Pictures that share a prompt. */
export interface Concept {
  readonly pictures: readonly EncodedPicture[];
  readonly text: EncodedText;
}

/** Pictures of the subject, and of its class where prior preservation is on. */
export interface Dataset {
  readonly subject: Concept;
  readonly prior: Concept | undefined;
}

/** A picture cut to size. */
export interface FramedPicture {
  readonly crop: Crop;
  readonly framing: Framing;
}

/** Pictures as they were found and cut, before encoding. */
export interface LoadedPictures {
  readonly names: readonly string[];
  readonly pictures: readonly FramedPicture[];
  readonly skipped: readonly Skipped[];
}

/**
 * Reads, resizes and crops the pictures of a folder.
 *
 * @throws DataError where there are none, or naming those that cannot be read
 */
export async function loadPictures(folder: string, target: PictureSize): Promise<LoadedPictures> {
  const { height, width } = target;
  if (height !== width) throw new DataError('NOT_SQUARE', 'training pictures are square');
  const transform = dreamboothTransform(height);
  const { images, skipped } = await readImageFolder(folder, (image) => {
    const crop = resizeAndCrop(image, transform);
    const original = { height: image.height, width: image.width };
    return { crop, framing: { original, crop: crop.origin, target } };
  });
  return {
    names: images.map(({ path }) => basename(path)),
    pictures: images.map(({ image }) => image),
    skipped,
  };
}

/** The moments of every picture, in order. */
export async function encodePictures(
  base: BaseModel,
  pictures: readonly FramedPicture[],
  size: PictureSize,
): Promise<EncodedPicture[]> {
  await using encoder = await ImageEncoder.open(base, size);
  const encoded: EncodedPicture[] = [];
  for (const { crop, framing } of pictures) {
    const pixels = toTensor(crop);
    const moments = await encoder.encode(reshaped(pixels, [1, ...pixels.shape]));
    encoded.push({ ...moments, framing });
  }
  return encoded;
}

/** Encoded prompts, in order, and what did not fit of them. */
export async function encodePrompts(
  base: BaseModel,
  prompts: readonly string[],
): Promise<{ readonly texts: readonly EncodedText[]; readonly truncated: readonly string[] }> {
  await using encoder = await TextEncoder.open(base);
  const texts: EncodedText[] = [];
  const truncated: string[] = [];
  for (const prompt of prompts) {
    const { truncated: rest, ...text } = await encoder.encode(prompt);
    texts.push(text);
    if (rest !== undefined) truncated.push(rest);
  }
  return { texts, truncated };
}

/** The dataset as tensors by name, for the run folder. */
export function datasetTensors({ subject, prior }: Dataset): [string, Tensor][] {
  const rows: [string, Tensor][] = [];
  for (const [name, concept] of [
    ['subject', subject],
    ['prior', prior],
  ] as const) {
    if (concept === undefined) continue;
    const { states, pooled } = concept.text;
    rows.push([`${name}.states`, states]);
    if (pooled !== undefined) rows.push([`${name}.pooled`, pooled]);
    concept.pictures.forEach(({ mean, deviation, framing }, i) => {
      rows.push([`${name}.${i}.mean`, mean], [`${name}.${i}.deviation`, deviation]);
      rows.push([`${name}.${i}.framing`, framingTensor(framing)]);
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
  const pooled = float32At(tensors, `${name}.pooled`);
  const pictures: EncodedPicture[] = [];
  for (let i = 0; ; i++) {
    const mean = float32At(tensors, `${name}.${i}.mean`);
    const deviation = float32At(tensors, `${name}.${i}.deviation`);
    const framing = tensors.get(`${name}.${i}.framing`);
    if (mean === undefined || deviation === undefined || framing === undefined) break;
    pictures.push({ mean, deviation, framing: framingOf(framing) });
  }
  return pictures.length === 0 ? undefined : { pictures, text: { states, pooled } };
}

/** Original height and width, top and left of the crop, height and width of the target. */
function framingTensor({ original, crop, target }: Framing): Tensor {
  const sides = [original.height, original.width, crop.top, crop.left, target.height, target.width];
  return tensor('i32', [sides.length], Int32Array.from(sides));
}

function framingOf({ data }: Tensor): Framing {
  const side = (i: number) => Number(data[i] ?? 0);
  return {
    original: { height: side(0), width: side(1) },
    crop: { top: side(2), left: side(3) },
    target: { height: side(4), width: side(5) },
  };
}

function float32At(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor<'f32'> | undefined {
  const found = tensors.get(name);
  return found?.dtype === 'f32' ? (found as Tensor<'f32'>) : undefined;
}

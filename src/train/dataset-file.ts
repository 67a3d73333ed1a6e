/** @file The encoded dataset in a run's folder. */
import { DataError } from '../base/errors.ts';
import type { Framing } from '../pipeline/conditioning.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import type { Concept, Dataset, EncodedPicture, Text } from './dataset.ts';

/** The dataset as tensors by name, for the run folder. */
export function datasetTensors({ subject, prior }: Dataset): [string, Tensor][] {
  const rows: [string, Tensor][] = [];
  for (const [name, concept] of [
    ['subject', subject],
    ['prior', prior],
  ] as const) {
    if (concept === undefined) continue;
    concept.texts.forEach((text, i) => {
      for (const [part, value] of textTensors(text))
        rows.push([`${name}.text.${i}.${part}`, value]);
    });
    concept.pictures.forEach(({ mean, deviation, framing, text, repeats }, i) => {
      rows.push([`${name}.${i}.mean`, mean], [`${name}.${i}.deviation`, deviation]);
      rows.push([`${name}.${i}.framing`, framingTensor(framing)]);
      rows.push([`${name}.${i}.use`, wholeNumbers([text, repeats])]);
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
  const texts: Text[] = [];
  for (let i = 0; ; i++) {
    const text = textAt(tensors, `${name}.text.${i}.`);
    if (text === undefined) break;
    texts.push(text);
  }
  const pictures: EncodedPicture[] = [];
  for (let i = 0; ; i++) {
    const mean = float32At(tensors, `${name}.${i}.mean`);
    const deviation = float32At(tensors, `${name}.${i}.deviation`);
    const framing = tensors.get(`${name}.${i}.framing`);
    const use = tensors.get(`${name}.${i}.use`);
    if (mean === undefined || deviation === undefined) break;
    if (framing === undefined || use === undefined) break;
    const [text = 0, repeats = 1] = Array.from(use.data, Number);
    pictures.push({ mean, deviation, framing: framingOf(framing), text, repeats });
  }
  return pictures.length === 0 ? undefined : { pictures, texts };
}

/** States and pooled text, or the token ids of every encoder. */
function textTensors(text: Text): readonly (readonly [string, Tensor])[] {
  if ('ids' in text) return text.ids.map((ids, i) => [`ids.${i}`, wholeNumbers(ids.flat())]);
  const { states, pooled } = text;
  return [['states', states], ...(pooled === undefined ? [] : [['pooled', pooled] as const])];
}

function textAt(tensors: ReadonlyMap<string, Tensor>, prefix: string): Text | undefined {
  const states = float32At(tensors, `${prefix}states`);
  if (states !== undefined) return { states, pooled: float32At(tensors, `${prefix}pooled`) };
  const ids: number[][][] = [];
  for (let i = 0; ; i++) {
    const row = tensors.get(`${prefix}ids.${i}`);
    if (row === undefined) break;
    ids.push([Array.from(row.data, Number)]);
  }
  return ids.length === 0 ? undefined : { ids };
}

/** Original height and width, top and left of the crop, height and width of the target. */
function framingTensor({ original, crop, target }: Framing): Tensor {
  const sides = [original.height, original.width, crop.top, crop.left, target.height, target.width];
  return wholeNumbers(sides);
}

function wholeNumbers(values: readonly number[]): Tensor {
  return tensor('i32', [values.length], Int32Array.from(values));
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

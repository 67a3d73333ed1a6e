/** @file The encoded dataset in a run's folder. */
import { DataError } from '../../base/errors.ts';
import type { Framing } from '../../pipeline/text/conditioning.ts';
import { formatShape, type Shape, sameShape, type Tensor, tensor } from '../../tensor/tensor.ts';
import type { Concept, Dataset, EncodedPicture, EncodedView, Text } from './dataset.ts';

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
    if (concept.emptyText !== undefined) {
      rows.push([`${name}.empty`, wholeNumbers([concept.emptyText])]);
    }
    concept.pictures.forEach(({ text, repeats, otherTexts = [], others = [], ...view }, i) => {
      rows.push(...viewTensors(view, `${name}.${i}`));
      rows.push([`${name}.${i}.use`, wholeNumbers([text, repeats, ...otherTexts])]);
      others.forEach((other, k) => {
        rows.push(...viewTensors(other, `${name}.${i}.view.${k}`));
      });
    });
  }
  return rows;
}

function viewTensors(
  { mean, deviation, framing, mask }: EncodedView,
  place: string,
): [string, Tensor][] {
  return [
    [`${place}.mean`, mean],
    [`${place}.deviation`, deviation],
    [`${place}.framing`, framingTensor(framing)],
    ...(mask === undefined ? [] : [[`${place}.mask`, mask] satisfies [string, Tensor]]),
  ];
}

/**
 * Reads back what datasetTensors wrote.
 *
 * @throws DataError DATASET_BROKEN naming what is not as it was written
 */
export function datasetOf(tensors: ReadonlyMap<string, Tensor>, where: string): Dataset {
  const subject = conceptOf(tensors, 'subject');
  if (subject === undefined) throw brokenDataset(where, 'it holds no encoded pictures');
  const dataset = { subject, prior: conceptOf(tensors, 'prior') };
  const problem = problemOf(tensors, dataset);
  if (problem !== undefined) throw brokenDataset(where, problem);
  return dataset;
}

export function brokenDataset(where: string, problem: string, options?: ErrorOptions): DataError {
  return new DataError(
    'DATASET_BROKEN',
    `${where} is not what a run has encoded: ${problem}; remove it to encode the pictures again`,
    options,
  );
}

/** What was read has to come to the same tensors again, so that nothing was missing, left over or cut. */
function problemOf(tensors: ReadonlyMap<string, Tensor>, dataset: Dataset): string | undefined {
  const again = new Map(datasetTensors(dataset));
  const names = [...new Set([...tensors.keys(), ...again.keys()])];
  const other = names.find((name) => describe(tensors.get(name)) !== describe(again.get(name)));
  if (other !== undefined) {
    return `"${other}" is ${describe(tensors.get(other))}, expected ${describe(again.get(other))}`;
  }
  const broken = names.find((name) =>
    tensors.get(name)?.data.some((value) => !Number.isFinite(value)),
  );
  if (broken !== undefined) return `"${broken}" holds numbers that are not finite`;
  const concepts = [dataset.subject, ...(dataset.prior === undefined ? [] : [dataset.prior])];
  return concepts.flatMap(pictureProblems)[0];
}

function describe(value: Tensor | undefined): string {
  return value === undefined ? 'missing' : `${value.dtype}${formatShape(value.shape)}`;
}

function pictureProblems({ pictures, texts, emptyText = 0 }: Concept): string[] {
  const isText = (text: number) => text >= 0 && text < texts.length;
  return [
    ...(isText(emptyText) ? [] : [`the empty text is ${emptyText} of ${texts.length}`]),
    ...pictures.flatMap(({ text, otherTexts = [], repeats, others = [], ...view }, i) => [
      ...[view, ...others].flatMap((each) => viewProblems(each, { of: view, i })),
      ...[text, ...otherTexts]
        .filter((each) => !isText(each))
        .map((each) => `picture ${i} has text ${each} of ${texts.length}`),
      ...(repeats >= 1 ? [] : [`picture ${i} is shown ${repeats} times`]),
    ]),
  ];
}

/** @param of the view that others are of the size of */
function viewProblems(
  { mean, deviation, mask }: EncodedView,
  { of, i }: { readonly of: EncodedView; readonly i: number },
): string[] {
  const differs = (what: string, shape: Shape, expected: Shape) =>
    sameShape(shape, expected)
      ? []
      : [`picture ${i} has ${formatShape(shape)} ${what} of ${formatShape(expected)}`];
  return [
    ...differs('latents of a view beside those', mean.shape, of.mean.shape),
    ...differs('deviations', deviation.shape, mean.shape),
    ...(mask === undefined ? [] : maskProblems(mask, { mean, i })),
  ];
}

function maskProblems(
  { shape, data }: Tensor<'f32'>,
  { mean, i }: { readonly mean: Tensor; readonly i: number },
): string[] {
  const expected = [1, 1, ...mean.shape.slice(2)];
  if (!sameShape(shape, expected)) {
    return [`picture ${i} has a mask ${formatShape(shape)}, expected ${formatShape(expected)}`];
  }
  return data.every((share) => share >= 0 && share <= 1)
    ? []
    : [`picture ${i} has a mask beyond 0 to 1`];
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
    const view = viewAt(tensors, `${name}.${i}`);
    const use = tensors.get(`${name}.${i}.use`);
    if (view === undefined || use === undefined) break;
    const [text = 0, repeats = 1, ...otherTexts] = Array.from(use.data, Number);
    const others: EncodedView[] = [];
    for (let k = 0; ; k++) {
      const other = viewAt(tensors, `${name}.${i}.view.${k}`);
      if (other === undefined) break;
      others.push(other);
    }
    pictures.push({
      ...{ ...view, text, repeats },
      ...(otherTexts.length > 0 && { otherTexts }),
      ...(others.length > 0 && { others }),
    });
  }
  const [emptyText] = Array.from(tensors.get(`${name}.empty`)?.data ?? [], Number);
  if (pictures.length === 0) return undefined;
  return { pictures, texts, ...(emptyText !== undefined && { emptyText }) };
}

function viewAt(tensors: ReadonlyMap<string, Tensor>, place: string): EncodedView | undefined {
  const mean = float32At(tensors, `${place}.mean`);
  const deviation = float32At(tensors, `${place}.deviation`);
  const framing = tensors.get(`${place}.framing`);
  const mask = float32At(tensors, `${place}.mask`);
  if (mean === undefined || deviation === undefined || framing === undefined) return undefined;
  return { mean, deviation, framing: framingOf(framing), ...(mask && { mask }) };
}

/** States and pooled text, or the token ids of every encoder, and their weights where words have some. */
function textTensors(text: Text): readonly (readonly [string, Tensor])[] {
  if ('ids' in text) {
    const { ids, weights = [] } = text;
    return [
      ...ids.map((rows, i) => [`ids.${i}`, tokenTensor(rows, 'i32')] as const),
      ...weights.map((rows, i) => [`weights.${i}`, tokenTensor(rows, 'f32')] as const),
    ];
  }
  const { states, pooled } = text;
  return [['states', states], ...(pooled === undefined ? [] : [['pooled', pooled] as const])];
}

function textAt(tensors: ReadonlyMap<string, Tensor>, prefix: string): Text | undefined {
  const states = float32At(tensors, `${prefix}states`);
  if (states !== undefined) return { states, pooled: float32At(tensors, `${prefix}pooled`) };
  const rowsOf = (part: string) => {
    const found: number[][][] = [];
    for (let i = 0; ; i++) {
      const rows = tensors.get(`${prefix}${part}.${i}`);
      if (rows === undefined) return found;
      found.push(tokenRows(rows));
    }
  };
  const [ids, weights] = [rowsOf('ids'), rowsOf('weights')];
  const [first] = ids;
  if (first === undefined) return undefined;
  return {
    ids,
    ...(first.length > 1 && { chunks: first.length }),
    ...(weights.length > 0 && { weights }),
  };
}

/** A number for each token of one chunk, or [chunks, tokens] of several. */
function tokenTensor(rows: readonly (readonly number[])[], dtype: 'i32' | 'f32'): Tensor {
  const numbers = rows.flat();
  const shape = [...(rows.length > 1 ? [rows.length] : []), numbers.length / rows.length];
  return dtype === 'i32'
    ? tensor('i32', shape, Int32Array.from(numbers))
    : tensor('f32', shape, Float32Array.from(numbers));
}

function tokenRows({ shape, data }: Tensor): number[][] {
  const numbers = Array.from(data, Number);
  const [chunks = 1] = shape.length > 1 ? shape : [];
  const length = numbers.length / Math.max(1, chunks);
  return Array.from({ length: chunks }, (_, n) => numbers.slice(n * length, (n + 1) * length));
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
  // Of a tensor of another length, problemOf() says so.
  const [height = 0, width = 0, top = 0, left = 0, targetHeight = 0, targetWidth = 0] = Array.from(
    data,
    Number,
  );
  return {
    original: { height, width },
    crop: { top, left },
    target: { height: targetHeight, width: targetWidth },
  };
}

function float32At(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor<'f32'> | undefined {
  const found = tensors.get(name);
  return found?.dtype === 'f32' ? (found as Tensor<'f32'>) : undefined;
}

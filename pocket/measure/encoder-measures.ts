/** @file How well an encoder knows a subject again: among other looks of its class, in other scenes. */
import { required } from '../../src/base/required.ts';
import type { Image } from '../../src/data/image.ts';
import { mean } from '../../src/metrics/cosine.ts';
import { unitRows } from '../../src/metrics/encoder-batches.ts';
import type { ImageTextEncoder } from '../../src/metrics/image-text.ts';
import { matmul, transpose2d } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { float32, type Tensor } from '../../src/tensor/tensor.ts';
import { picturesOf, portraits, unseenScenes } from './unseen-scenes.ts';

/** What is measured of an encoder of pictures on scenes of the held-out subjects. */
export interface Recognition {
  /** Share of a subject's pictures whose nearest picture shows it too. */
  readonly nearest: number;
  /** Chance that a pair of a subject is nearer than a pair of it and another look of its class. */
  readonly areaUnderCurve: number;
  /** Mean cosines of pairs. */
  readonly sameSubject: number;
  readonly sameClass: number;
  readonly otherClass: number;
}

interface PicturesEncoder {
  encodePictures(pictures: readonly Image[]): Promise<Tensor<'f32'>>;
}

/** Recognition of the held-out subjects. */
export async function measureRecognition(encoder: PicturesEncoder): Promise<Recognition> {
  const shown = portraits();
  const vectors = await encoder.encodePictures(await picturesOf(shown.map(({ scene }) => scene)));
  const cosines = matmul(vectors, transpose2d(vectors));
  const cosine = (a: number, b: number) => cosines.data[a * shown.length + b] ?? 0;
  const same: number[] = [];
  const looks: number[] = [];
  const others: number[] = [];
  let found = 0;
  let asked = 0;
  for (const [a, one] of shown.entries()) {
    const isSubject = shown.some((two, b) => b !== a && two.identity === one.identity);
    if (!isSubject) continue;
    let nearest = -1;
    for (const [b, two] of shown.entries()) {
      if (b === a) continue;
      if (nearest < 0 || cosine(a, b) > cosine(a, nearest)) nearest = b;
      if (two.identity === one.identity) same.push(cosine(a, b));
      else if (two.className === one.className) looks.push(cosine(a, b));
      else others.push(cosine(a, b));
    }
    asked += 1;
    found += Number(required(shown, nearest).identity === one.identity);
  }
  return {
    nearest: found / asked,
    areaUnderCurve: areaUnderCurve(same, looks),
    sameSubject: mean(same),
    sameClass: mean(looks),
    otherClass: mean(others),
  };
}

/** Chance that one of `high` is above one of `low`, by ranks (Mann and Whitney). */
function areaUnderCurve(high: readonly number[], low: readonly number[]): number {
  const sorted = Float64Array.from(low).sort();
  const below = high.map((value) => {
    let [start, end] = [0, sorted.length];
    while (start < end) {
      const middle = (start + end) >> 1;
      if ((sorted[middle] ?? 0) < value) start = middle + 1;
      else end = middle;
    }
    return start;
  });
  return mean(below) / sorted.length;
}

/** Share of unseen scenes whose own caption is the nearest of all. */
export async function measureRetrieval(clip: ImageTextEncoder, count = 512): Promise<number> {
  const scenes = unseenScenes(
    101,
    Array.from({ length: count }, () => ({})),
  );
  const captions = [...new Set(scenes.map(({ caption }) => caption))];
  const texts = await clip.encodeTexts(captions);
  const pictures = await clip.encodePictures(await picturesOf(scenes));
  const found = nearestRows(pictures, texts).map((at) => captions[at]);
  return mean(scenes.map(({ caption }, i) => Number(found[i] === caption)));
}

/** For each row of `a` the row of `b` with the largest inner product. */
export function nearestRows(a: Tensor<'f32'>, b: Tensor<'f32'>): readonly number[] {
  const products = matmul(a, transpose2d(b));
  const [rows = 0, columns = 0] = products.shape;
  return Array.from({ length: rows }, (_, row) => {
    const values = products.data.subarray(row * columns, (row + 1) * columns);
    return values.indexOf(Math.max(...values));
  });
}

/** The mean of the rows, of length one. */
export function meanRow({ shape: [rows = 0, columns = 0], data }: Tensor<'f32'>): Tensor<'f32'> {
  const sum = float32([1, columns]);
  for (let i = 0; i < rows * columns; i++) {
    sum.data[i % columns] = (sum.data[i % columns] ?? 0) + (data[i] ?? 0);
  }
  return unitRows(sum);
}

/** @file Drawn scenes in one file, from which batches are made: pixels as bytes, and what is said of each. */
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { required } from '../src/base/required.ts';
import type { Transform } from '../src/data/transforms.ts';
import { writeFileAtomic } from '../src/storage/files/atomic-file.ts';
import { float32, type Tensor } from '../src/tensor/tensor.ts';

/** A scene as the networks see it. */
export interface PooledScene {
  readonly caption: string;
  /** The class and the look in it; scenes of one look show one subject. */
  readonly className: string;
  readonly look: number;
  /** Without a style, so that the look is told by its colours too. */
  readonly plain: boolean;
}

/** A scene and its red, green and blue bytes, row by row. */
export interface RenderedScene extends PooledScene {
  readonly pixels: Uint8Array;
}

/** Scenes that were drawn before. */
export interface ScenePool {
  readonly size: number;
  readonly scenes: readonly PooledScene[];
  /** The pixels of all scenes, [scenes, height, width, 3]. */
  readonly pixels: Uint8Array;
}

/** Draws the scenes of some indices, in their order; equal indices give equal scenes. */
export type DrawScenes = (indices: readonly number[]) => Promise<readonly RenderedScene[]>;

const drawnTogether = 360;

/** The pool in a folder; drawn where it is not there, whole or not at all. */
export async function scenePool(
  folder: string,
  {
    count,
    size,
    draw,
    report,
  }: {
    readonly count: number;
    readonly size: number;
    readonly draw: DrawScenes;
    readonly report: (done: number) => void;
  },
): Promise<ScenePool> {
  await mkdir(folder, { recursive: true });
  const [pixelPath, scenePath] = [join(folder, 'pixels'), join(folder, 'scenes.json')];
  if (!existsSync(scenePath)) {
    const scenes: PooledScene[] = [];
    await using file = await open(pixelPath, 'w');
    for (let start = 0; start < count; start += drawnTogether) {
      const length = Math.min(drawnTogether, count - start);
      for (const { pixels, ...scene } of await draw(Array.from({ length }, (_, i) => start + i))) {
        await file.writeFile(pixels);
        scenes.push(scene);
      }
      report(scenes.length);
    }
    await writeFileAtomic(scenePath, JSON.stringify(scenes));
  }
  const scenes = JSON.parse(await readFile(scenePath, 'utf8')) as readonly PooledScene[];
  return { size, scenes, pixels: await readFile(pixelPath) };
}

/** How pixels of 0 to 1 are shifted and scaled, by channel. */
export type Normalization = Pick<Transform, 'mean' | 'deviation'>;

/** To [−1, 1], as autoencoders take them. */
export const centred: Normalization = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/** Pictures of the pool: [N, 3, size, size]. */
export function pictureBatch(
  { size, pixels }: ScenePool,
  indices: readonly number[],
  { mean, deviation }: Normalization,
): Tensor<'f32'> {
  const area = size * size;
  const batch = float32([indices.length, 3, size, size]);
  indices.forEach((index, n) => {
    for (let channel = 0; channel < 3; channel++) {
      const [shift, scale] = [required(mean, channel), required(deviation, channel)];
      const start = (n * 3 + channel) * area;
      for (let i = 0; i < area; i++) {
        const byte = pixels[(index * area + i) * 3 + channel] ?? 0;
        batch.data[start + i] = (byte / 255 - shift) / scale;
      }
    }
  });
  return batch;
}

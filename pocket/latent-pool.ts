/** @file The latents of all scenes of a pool, computed once. */
import { compile, Graph, input, slice } from '../src/graph/index.ts';
import { encode } from '../src/models/vae/vae.ts';
import { parseVaeConfig } from '../src/models/vae/vae-config.ts';
import { Scope } from '../src/nn/index.ts';
import type { NamedTensors } from '../src/optim/optimizer.ts';
import { openSession } from '../src/runtime/index.ts';
import { float32, type Tensor } from '../src/tensor/tensor.ts';
import { centred, pictureBatch, type ScenePool } from './scene-pool.ts';

const batch = 16;

export interface LatentPool {
  /** Multiplied by the scaling factor, so that their deviation is one: [scenes, channels, h, w]. */
  readonly latents: Tensor<'f32'>;
  readonly scalingFactor: number;
}

/** Means of the latents of every scene; the last batch is filled up with the first scene. */
export async function encodedLatents(
  pool: ScenePool,
  json: object,
  { weights, report }: { readonly weights: NamedTensors; readonly report: (done: number) => void },
): Promise<LatentPool> {
  const config = parseVaeConfig(json, 'VAE');
  const graph = new Graph();
  const pictures = input(graph, 'pictures', 'f32', [batch, 3, pool.size, pool.size]);
  const moments = encode(Scope.root(graph, { fed: true }), config, pictures);
  const means = slice(moments, 1, 0, config.latentChannels);
  await using session = await openSession(compile({ graph, outputs: { means } }));
  const used = Object.fromEntries([...weights].filter(([name]) => isEncoder(name)));
  const side = pool.size / config.downsampling;
  const latents = float32([pool.scenes.length, config.latentChannels, side, side]);
  const perScene = config.latentChannels * side * side;
  for (let start = 0; start < pool.scenes.length; start += batch) {
    const indices = Array.from({ length: batch }, (_, i) =>
      start + i < pool.scenes.length ? start + i : 0,
    );
    const results = await session.run({ ...used, pictures: pictureBatch(pool, indices, centred) });
    const count = Math.min(batch, pool.scenes.length - start);
    latents.data.set(results.get('means').data.subarray(0, count * perScene), start * perScene);
    report(start + count);
  }
  const scalingFactor = Number((1 / rootMeanSquare(latents.data)).toFixed(5));
  for (let i = 0; i < latents.data.length; i++) {
    latents.data[i] = (latents.data[i] ?? 0) * scalingFactor;
  }
  return { latents, scalingFactor };
}

function isEncoder(name: string): boolean {
  return name.startsWith('encoder.') || name.startsWith('quant_conv.');
}

function rootMeanSquare(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}

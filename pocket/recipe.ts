/** @file The recipe of the bundled model: scenes, vocabulary, CLIP, DINO, autoencoder, denoiser, in this order. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../src/storage/files/atomic-file.ts';
import { readTextIfPresent } from '../src/storage/files/text-file.ts';
import { indexJson, writeJson } from './model-folder.ts';
import { trainClip } from './networks/clip.ts';
import { trainDino } from './networks/dino.ts';
import { writeTokenizer } from './networks/tokenizer.ts';
import { trainUnet } from './networks/unet.ts';
import { trainVae } from './networks/vae.ts';
import { type DrawScenes, type ScenePool, scenePool } from './scene-pool.ts';
import type { StageSize, Workshop } from './workshop.ts';

/** How much of everything. */
export interface RecipeSize {
  readonly scenes: number;
  readonly clip: StageSize;
  readonly dino: StageSize;
  readonly vae: StageSize;
  readonly unet: StageSize;
}

export const recipeSizes = {
  /** Proves that the recipe runs. */
  small: {
    scenes: 48,
    clip: { steps: 3, batch: 8, learningRate: 1e-3 },
    dino: { steps: 3, batch: 8, learningRate: 1e-3 },
    vae: { steps: 3, batch: 2, learningRate: 2e-3 },
    unet: { steps: 3, batch: 2, learningRate: 1e-3 },
  },
  /** The bundled model. */
  full: {
    scenes: 60_000,
    clip: { steps: 1000, batch: 96, learningRate: 1e-3 },
    dino: { steps: 800, batch: 48, learningRate: 1e-3 },
    vae: { steps: 1400, batch: 16, learningRate: 2e-3 },
    unet: { steps: 2000, batch: 32, learningRate: 2e-3 },
  },
} as const satisfies Readonly<Record<string, RecipeSize>>;

export interface Recipe extends Omit<Workshop, 'pool' | 'tokenizer'> {
  readonly size: RecipeSize;
  /** Pixels along the side of a picture. */
  readonly pictureSize: number;
  readonly draw: DrawScenes;
  /** Writes held-out subjects and prompts into the model's folder. */
  readonly writeSubjects: (folder: string) => Promise<void>;
  /** Words that stand for subjects, in no caption. */
  readonly identifiers: readonly string[];
}

/** What lies in the work folder is of another recipe. */
export class OtherRecipe extends Error {}

/**
 * Makes the model, going on where an earlier call was interrupted.
 *
 * @throws Interrupted with all states saved; OtherRecipe where the work folder holds states that this one would not have
 */
export async function makeModel(recipe: Recipe): Promise<void> {
  const { size, out } = recipe;
  await requireOwn(recipe);
  const pool = await drawScenes(recipe);
  const captions = pool.scenes.map(({ caption }) => caption);
  const words = [...captions, ...recipe.identifiers];
  const tokenizer = await writeTokenizer(join(out, 'tokenizer'), words);
  const shop = { ...recipe, pool, tokenizer };
  const clip = await trainClip(shop, size.clip);
  await trainDino(shop, size.dino);
  const { latents } = await trainVae(shop, size.vae);
  await trainUnet(shop, size.unet, { latents, clip });
  await recipe.writeSubjects(out);
  await writeJson(join(out, 'model_index.json'), indexJson);
}

async function drawScenes({ size, work, pictureSize, draw, report }: Recipe): Promise<ScenePool> {
  const count = size.scenes;
  return await scenePool(join(work, 'scenes'), {
    count,
    size: pictureSize,
    draw,
    report: (done) => report({ name: 'scenes', done, of: count }),
  });
}

/** Going on with states of another size, seed or number of workers would end in a model that no call makes again. */
async function requireOwn({ work, size, seed, workers, pictureSize }: Recipe): Promise<void> {
  await mkdir(work, { recursive: true });
  const path = join(work, 'recipe.json');
  const own = JSON.stringify({ size, seed, workers, pictureSize });
  const found = await readTextIfPresent(path);
  if (found !== undefined && found !== own) {
    throw new OtherRecipe(
      `${work} holds scenes and states of another size, seed or number of workers: expected ${own}, found ${found}; remove it, or give another work folder`,
    );
  }
  await writeFileAtomic(path, own);
}

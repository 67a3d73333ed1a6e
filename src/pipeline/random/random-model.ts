/** @file Makes a base model with random weights, to measure with: every file that a published one has. */
import type { Listener } from '../../base/listener.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { endOfText } from '../../data/clip-vocabulary.ts';
import { type FamilyName, families, familyJson } from '../../models/families.ts';
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { createFolder, removeFolder } from '../../storage/files/folders.ts';
import { requireEmptyFolder } from '../../storage/files/new-path.ts';
import { writeSafetensors } from '../../storage/weights/safetensors-writer.ts';
import { bytesPerElement, elementCount, type Shape } from '../../tensor/tensor.ts';
import { type RandomPart, randomModelParts } from './random-model-parts.ts';
import {
  modelIndexText,
  randomModelReadme,
  toJson,
  tokenizerFolder,
  tokenizerTexts,
} from './random-model-texts.ts';
import { randomTensor, type WeightDType } from './random-tensors.ts';
import { tinySizes } from './tiny-sizes.ts';

/** How large the parts are: as published, or a few megabytes in all. */
export const modelSizes = ['full', 'tiny'] as const;

export interface RandomModelOptions {
  readonly family: FamilyName;
  /** @default full */
  readonly size?: (typeof modelSizes)[number];
  /** Folder to make. */
  readonly out: string;
  /** @default 0 */
  readonly seed?: number;
  /** Precision of the weights. @default f16 */
  readonly dtype?: WeightDType;
}

/** How far it is: sent before every tensor. */
export interface RandomModelEvent {
  readonly type: 'writing';
  readonly part: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface RandomModelHost {
  readonly listener?: Listener<RandomModelEvent>;
  readonly signal?: AbortSignal;
}

/**
 * Makes a diffusers folder of a family with seeded random weights, holding a few megabytes of them at a time.
 *
 * @returns bytes of all weights
 * @throws RunError FOLDER_NOT_EMPTY
 * @throws SystemError where it cannot be written, or the signal's reason; then nothing is left behind
 */
export async function makeRandomModel(
  { family, size = 'full', out, seed = 0, dtype = 'f16' }: RandomModelOptions,
  { listener, signal }: RandomModelHost = {},
): Promise<number> {
  await requireEmptyFolder(out);
  const parts = await randomModelParts(family, size === 'tiny' ? tinySizes[family] : {});
  const bytesOf = (shape: Shape) => elementCount(shape) * bytesPerElement[dtype];
  const shapes = parts.flatMap(({ claims }) => [...claims.values()].map(({ shape }) => shape));
  const totalBytes = shapes.reduce((sum, shape) => sum + bytesOf(shape), 0);
  const random = new TorchGenerator(seed);
  let doneBytes = 0;
  try {
    for (const { folder, config, weightsFile, claims } of parts) {
      await writeTexts(join(out, folder), { 'config.json': toJson(config) });
      const specs = [...claims].map(([name, { shape }]) => [name, { dtype, shape }] as const);
      await writeSafetensors(join(out, folder, weightsFile), specs, (name, spec) => {
        signal?.throwIfAborted();
        listener?.({ type: 'writing', part: folder, doneBytes, totalBytes });
        doneBytes += bytesOf(spec.shape);
        return randomTensor(name, spec, random);
      });
    }
    await writeOtherFiles(out, { family, seed, parts });
  } catch (error) {
    await removeFolder(out);
    throw error;
  }
  return totalBytes;
}

interface Described {
  readonly family: FamilyName;
  readonly seed: number;
  readonly parts: readonly RandomPart[];
}

/** Tokenizers, scheduler, a note, and last the index, which makes the folder a model. */
async function writeOtherFiles(out: string, { family, seed, parts }: Described): Promise<void> {
  const about = families[family];
  const encoders = about.textEncoders.map((folder) => ({
    folder,
    config: parts.find((part) => part.folder === folder)?.config ?? {},
  }));
  for (const { folder, config } of encoders) {
    // The towers of OpenCLIP, which compute an exact GELU, were trained with "!" after short texts.
    const pad = config.hidden_act === 'gelu' ? '!' : endOfText;
    await writeTexts(join(out, tokenizerFolder(folder)), await tokenizerTexts(pad));
  }
  const scheduler = (await familyJson(family, 'scheduler', 'scheduler_config.json')) ?? {};
  await writeTexts(join(out, 'scheduler'), { 'scheduler_config.json': toJson(scheduler) });
  await writeTexts(out, {
    'README.md': randomModelReadme(about, seed),
    'model_index.json': modelIndexText(about, {
      encoderClasses: encoders.map(({ config }) => String([config.architectures].flat()[0])),
      scheduler: String(scheduler._class_name),
    }),
  });
}

async function writeTexts(folder: string, texts: Readonly<Record<string, string>>): Promise<void> {
  await createFolder(folder);
  for (const [name, text] of Object.entries(texts)) await writeFileAtomic(join(folder, name), text);
}

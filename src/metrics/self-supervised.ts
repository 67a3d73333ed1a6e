/** @file DINO: pictures as vectors in which one subject lies near itself. */
import type { Image } from '../data/image.ts';
import { dinoTransform, type Transform } from '../data/transforms.ts';
import { input, reshape, slice } from '../graph/index.ts';
import { vit } from '../models/vit/vit.ts';
import { parseVitConfig, type VitConfig } from '../models/vit/vit-config.ts';
import { vitClaims } from '../models/weight-claims.ts';
import { checkWeights, namedWeights } from '../models/weights.ts';
import type { ModelPart } from '../pipeline/base/base-model.ts';
import { openNetwork } from '../pipeline/network/open-network.ts';
import type { DeviceName, Session } from '../runtime/index.ts';
import { openWeights } from '../storage/weights/weight-files.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { encodeInBatches, pixelBatch } from './encoder-batches.ts';
import { type EncoderFolder, readEncoderConfig } from './encoder-folder.ts';
import { statedNormalisation } from './preprocessing.ts';

/** Pictures computed together: those of one prompt, by the protocol. */
const batch = 4;

/** The class token is read as it is; some files carry a pooler that was never trained. */
const unused = /^pooler\./;

/**
 * Opens the folder of a ViTModel of any size.
 *
 * @throws ModelError ENCODER_FOLDER where it is none, VIT_CONFIG, WEIGHTS_MISMATCH and others
 */
export async function openVitModel(folder: string): Promise<ModelPart<VitConfig>> {
  const { json, path } = await readEncoderConfig(folder, 'vit');
  const config = parseVitConfig(json, path);
  const weights = namedWeights('ViT', await openWeights(folder, 'ViT'), { ignore: unused });
  checkWeights(weights, vitClaims(config));
  return { config, weights };
}

/** A loaded vision transformer; embeddings are L2-normalised class tokens after the final norm. */
export class SelfSupervisedEncoder {
  readonly name: string;
  readonly #transform: Transform;
  readonly #session: Session;

  constructor(name: string, transform: Transform, session: Session) {
    this.name = name;
    this.#transform = transform;
    this.#session = session;
  }

  /** Embeddings of pictures of any size: [pictures, size]. */
  async encodePictures(pictures: readonly Image[]): Promise<Tensor<'f32'>> {
    return await encodeInBatches(pictures, batch, async (images) => {
      const outputs = await this.#session.run({ pictures: pixelBatch(images, this.#transform) });
      return outputs.get('classToken');
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}

/**
 * Loads a vision transformer of any size.
 *
 * @throws ModelError as openVitModel
 */
export async function openSelfSupervised(
  { name, folder }: EncoderFolder,
  device?: DeviceName,
): Promise<SelfSupervisedEncoder> {
  const { config, weights } = await openVitModel(folder);
  const transform = await transformOf(folder, config);
  const { width, height } = transform.cropTo;
  const session = await openNetwork(
    weights,
    (graph, scope) => {
      const pictures = input(graph, 'pictures', 'f32', [batch, 3, height, width]);
      const { lastHiddenState } = vit(scope, config, pictures);
      const first = slice(lastHiddenState, 1, 0, 1); // [N, 1, size]
      return { classToken: reshape(first, [batch, config.size]) };
    },
    { device },
  );
  return new SelfSupervisedEncoder(name, transform, session);
}

/**
 * DINO's own evaluation cuts 224 pixels out of 256 (facebookresearch/dino, eval_knn.py), with which DreamBooth's numbers
 * come out; the processor that published folders carry does not cut. Models that normalise otherwise than with ImageNet's
 * values are not DINO's, and see the whole of their size.
 */
async function transformOf(folder: string, { imageSize }: VitConfig): Promise<Transform> {
  const stated = await statedNormalisation(folder);
  const isOfDino = !stated.mean || stated.mean.every((value, i) => value === dinoTransform.mean[i]);
  if (isOfDino) return dinoTransform;
  const whole = { width: imageSize, height: imageSize };
  return { ...dinoTransform, ...stated, resizeTo: whole, cropTo: whole };
}

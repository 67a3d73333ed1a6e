/** @file CLIP: pictures and texts as vectors of one space. */
import { ModelError } from '../base/errors.ts';
import { bundledTokenizer } from '../data/bundled-tokenizer.ts';
import type { Image } from '../data/image.ts';
import { openTokenizer } from '../data/open-tokenizer.ts';
import type { ClipTokenizer } from '../data/tokenizer.ts';
import { clipTransform, type Transform } from '../data/transforms.ts';
import { input } from '../graph/index.ts';
import { type ClipConfig, parseClipConfig } from '../models/clip/clip-config.ts';
import { clipText, pooledRows } from '../models/clip/clip-text.ts';
import { clipVision } from '../models/clip/vision.ts';
import { clipClaims } from '../models/weight-claims.ts';
import { checkWeights, type ModelWeights, namedWeights } from '../models/weights.ts';
import { openNetwork } from '../pipeline/network/open-network.ts';
import { join } from '../platform/paths.ts';
import type { DeviceName, Session } from '../runtime/index.ts';
import { namesIn } from '../storage/files/folders.ts';
import { openWeights } from '../storage/weights/weight-files.ts';
import { int64, type Tensor } from '../tensor/tensor.ts';
import { encodeInBatches, pixelBatch } from './encoder-batches.ts';
import { type EncoderFolder, readEncoderConfig } from './encoder-folder.ts';
import { statedNormalisation } from './preprocessing.ts';

/** A CLIPModel on disk, checked. */
export interface ClipModel {
  readonly config: ClipConfig;
  readonly weights: ModelWeights;
}

/** Pictures computed together: those of one prompt, by the protocol. */
const batch = 4;

/** A prompt comes in two forms. */
const textBatch = 2;

/** Position buffers of old files, and the scale of training's logits. */
const unused = /\.position_ids$|^logit_scale$/;

/**
 * Opens the folder of a CLIPModel of any size.
 *
 * @throws ModelError ENCODER_FOLDER where it is none, CLIP_CONFIG, WEIGHTS_MISMATCH and others
 */
export async function openClipModel(folder: string): Promise<ClipModel> {
  const { json, path } = await readEncoderConfig(folder, 'clip');
  const config = parseClipConfig(json, path);
  const weights = namedWeights('CLIP', await openWeights(folder, 'CLIP'), { ignore: unused });
  checkWeights(weights, clipClaims(config));
  return { config, weights };
}

/** What a loaded CLIP consists of. */
interface ImageTextParts {
  readonly config: ClipConfig;
  readonly tokenizer: ClipTokenizer;
  readonly transform: Transform;
  readonly vision: Session;
  readonly text: Session;
}

/** A loaded CLIP; embeddings are L2-normalised, so that inner products are cosines. */
export class ImageTextEncoder {
  readonly name: string;
  readonly #parts: ImageTextParts;

  constructor(name: string, parts: ImageTextParts) {
    this.name = name;
    this.#parts = parts;
  }

  /** Embeddings of pictures of any size: [pictures, projection]. */
  async encodePictures(pictures: readonly Image[]): Promise<Tensor<'f32'>> {
    const { vision, transform } = this.#parts;
    return await encodeInBatches(pictures, batch, async (images) =>
      (await vision.run({ pictures: pixelBatch(images, transform) })).get('projected'),
    );
  }

  /** Embeddings of texts, cut to the longest that CLIP reads: [texts, projection]. */
  async encodeTexts(texts: readonly string[]): Promise<Tensor<'f32'>> {
    const { config: both, tokenizer, text: session } = this.#parts;
    const config = both.text;
    return await encodeInBatches(texts, textBatch, async (some) => {
      const ids = some.map((text) => tokenizer.encodePadded(text, config.positions).ids);
      const feeds = {
        ids: int64([some.length, config.positions], ids.flat()),
        rows: pooledRows(ids, config),
      };
      return (await session.run(feeds)).get('projected');
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { vision, text } = this.#parts;
    await Promise.all([vision[Symbol.asyncDispose](), text[Symbol.asyncDispose]()]);
  }
}

/**
 * Loads a CLIP of any size, with the preprocessing of its image processor: bicubic, shorter side, centre crop.
 *
 * @throws ModelError as openClipModel, or TOKENIZER_MISSING
 */
export async function openImageText(
  { name, folder }: EncoderFolder,
  device?: DeviceName,
): Promise<ImageTextEncoder> {
  const { config, weights } = await openClipModel(folder);
  const { imageSize: side } = config.vision;
  const tokenizer = await tokenizerOf(folder, config);
  const transform = { ...clipTransform(side), ...(await statedNormalisation(folder)) };
  const vision = await openNetwork(
    weights,
    (graph, scope) => {
      const pictures = input(graph, 'pictures', 'f32', [batch, 3, side, side]);
      return { projected: clipVision(scope, config.vision, pictures).projected };
    },
    { device },
  );
  const text = await openNetwork(
    weights,
    (graph, scope) => {
      const { pooled, projected = pooled } = clipText(scope, config.text, {
        ids: input(graph, 'ids', 'i64', [textBatch, config.text.positions]),
        pooledRows: input(graph, 'rows', 'i64', [textBatch]),
      });
      return { projected };
    },
    { device },
  );
  return new ImageTextEncoder(name, { config, tokenizer, transform, vision, text });
}

/** The folder's own, that of the model it lies in, or OpenAI's, which all published models of this size have. */
async function tokenizerOf(folder: string, { text }: ClipConfig): Promise<ClipTokenizer> {
  const beside = join(folder, '..', 'tokenizer');
  for (const place of [folder, beside]) {
    if (!(await namesIn(place)).includes('merges.txt')) continue;
    const tokenizer = await openTokenizer(place);
    if (tokenizer.vocabularySize === text.vocabulary) return tokenizer;
  }
  const bundled = await bundledTokenizer();
  if (bundled.vocabularySize === text.vocabulary) return bundled;
  throw new ModelError(
    'TOKENIZER_MISSING',
    `${folder}: expected merges.txt and vocab.json of ${text.vocabulary} tokens, found none here or in ${beside}; put the tokenizer's files beside the weights`,
  );
}

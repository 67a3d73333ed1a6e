/** @file The text and the picture encoder, trained to find each other's scene. */
import { join } from 'node:path';
import { required } from '../../src/base/required.ts';
import type { TorchGenerator } from '../../src/base/torch-random.ts';
import type { ClipTokenizer } from '../../src/data/tokenizer.ts';
import { clipTransform } from '../../src/data/transforms.ts';
import { exp, type Graph, input } from '../../src/graph/index.ts';
import { parseClipConfig } from '../../src/models/clip/clip-config.ts';
import { clipText } from '../../src/models/clip/clip-text.ts';
import { clipVision } from '../../src/models/clip/vision.ts';
import type { Scope } from '../../src/nn/index.ts';
import type { NamedTensors } from '../../src/optim/optimizer.ts';
import { float32, int64, type Tensor } from '../../src/tensor/tensor.ts';
import { writePart, writePreprocessor } from '../model-folder.ts';
import { pictureBatch, type ScenePool } from '../scene-pool.ts';
import type { Feeds } from '../training/gradient-worker.ts';
import { type TracedLoss, wholeStep } from '../training/whole-step.ts';
import { type StageSize, trainStage, under, type Workshop } from '../workshop.ts';
import { contrast } from './contrast.ts';
import { textLength } from './tokenizer.ts';

export type ClipJson = ReturnType<typeof clipJson>;

/** Trained weights of both towers. */
export interface Clip {
  readonly json: ClipJson;
  readonly weights: NamedTensors;
}

/** Trains both towers and writes them, the text tower once more by itself. */
export async function trainClip(shop: Workshop, size: StageSize): Promise<Clip> {
  const { pool, tokenizer, out } = shop;
  const json = clipJson(tokenizer.vocabularySize, pool.size);
  const weights = await trainStage(shop, {
    name: 'clip',
    size,
    step: wholeStep(clipLoss(json, size.batch)),
    share: clipShare(pool, tokenizer, size.batch),
    given: new Map([['logit_scale', float32([], [Math.log(10)])]]),
  });
  await writePart(join(out, 'clip'), json, weights, 'model.safetensors');
  await writePreprocessor(join(out, 'clip'), 'CLIPImageProcessor', clipTransform(pool.size));
  const text = under('text_model.', weights);
  await writePart(join(out, 'text_encoder'), json.text_config, text, 'model.safetensors');
  return { json, weights };
}

/** config.json of a CLIPModel over a vocabulary. */
function clipJson(vocabulary: number, pictureSize: number) {
  const tower = {
    hidden_size: 128,
    intermediate_size: 512,
    num_hidden_layers: 4,
    num_attention_heads: 4,
    hidden_act: 'quick_gelu',
    layer_norm_eps: 1e-5,
    projection_dim: 128,
  };
  return {
    architectures: ['CLIPModel'],
    model_type: 'clip',
    projection_dim: 128,
    text_config: {
      ...tower,
      architectures: ['CLIPTextModel'],
      model_type: 'clip_text_model',
      vocab_size: vocabulary,
      max_position_embeddings: textLength,
      bos_token_id: vocabulary - 2,
      eos_token_id: vocabulary - 1,
      pad_token_id: vocabulary - 1,
    },
    vision_config: {
      ...tower,
      model_type: 'clip_vision_model',
      image_size: pictureSize,
      patch_size: 8,
    },
  };
}

/** The loss of `batch` scenes and their captions. */
function clipLoss(json: ClipJson, batch: number) {
  const config = parseClipConfig(json, 'CLIP');
  const { imageSize } = config.vision;
  return (graph: Graph, scope: Scope): TracedLoss => {
    const { projected: texts } = clipText(scope, config.text, {
      ids: input(graph, 'ids', 'i64', [batch, textLength]),
      pooledRows: input(graph, 'rows', 'i64', [batch]),
    });
    if (texts === undefined) throw new Error('internal: the text tower has no projection');
    const pixels = input(graph, 'pictures', 'f32', [batch, 3, imageSize, imageSize]);
    const { projected: pictures } = clipVision(scope, config.vision, pixels);
    const targets = input(graph, 'targets', 'f32', [batch, batch]);
    const scale = exp(scope.weight('logit_scale', []));
    return { loss: contrast(pictures, texts, targets, scale) };
  };
}

/** Captions as the text encoder takes them. */
export function textFeeds(
  captions: readonly string[],
  tokenizer: ClipTokenizer,
): { readonly ids: Tensor<'i64'>; readonly rows: Tensor<'i64'> } {
  const texts = captions.map((caption) => tokenizer.encodePadded(caption, textLength).ids);
  const ids = int64([texts.length, textLength], texts.flat());
  const rows = texts.map((text, n) => n * textLength + text.indexOf(tokenizer.eosId));
  return { ids, rows: int64([rows.length], rows) };
}

/** Random scenes and their captions; scenes that are told by one caption are each other's partners. */
function clipShare(
  pool: ScenePool,
  tokenizer: ClipTokenizer,
  batch: number,
): (generator: TorchGenerator) => Feeds {
  return (generator) => {
    const indices = [...generator.randint(0, pool.scenes.length, batch)];
    const captions = indices.map((index) => required(pool.scenes, index).caption);
    return {
      ...textFeeds(captions, tokenizer),
      pictures: pictureBatch(pool, indices, clipTransform(pool.size)),
      targets: partners(captions),
    };
  };
}

/** Rows that share each row's partners evenly: [N, N]. */
export function partners(labels: readonly (string | number)[]): Tensor<'f32'> {
  const size = labels.length;
  const rows = labels.flatMap((label) => {
    const count = labels.filter((other) => other === label).length;
    return labels.map((other) => (other === label ? 1 / count : 0));
  });
  return float32([size, size], rows);
}

/** @file CLIP's two towers together: states, projections, cosines. */
import * as z from 'zod';
import { unitRows } from '../../../../src/metrics/encoder-batches.ts';
import { type ClipModel, openClipModel } from '../../../../src/metrics/image-text.ts';
import { clipText, pooledRows } from '../../../../src/models/clip/clip-text.ts';
import { clipVision } from '../../../../src/models/clip/vision.ts';
import { openWeights } from '../../../../src/storage/weights/weight-files.ts';
import { matmul, transpose2d } from '../../../../src/tensor/linear-algebra/host-matrices.ts';
import { float32, int64, type Tensor } from '../../../../src/tensor/tensor.ts';
import { advised } from '../../advice.ts';
import type { Check } from '../../check.ts';
import { readFixtureTensors } from '../../fixture.ts';
import { compareResults, compute, type Results, resultOf, unchecked } from '../../network.ts';

const fixtureSchema = z.looseObject({ tolerance: z.string().default('') });

/** Compares everything of a fixture of a CLIPModel. */
export async function checkClipModel(folder: string, fixture: unknown): Promise<Check[]> {
  const advice = fixtureSchema.parse(fixture).tolerance;
  // Without advice: float32 through a dozen matrices.
  const tolerance = advised(advice, '', { relative: 1e-5 });
  const tensors = await readFixtureTensors(folder);
  const model = await openClipModel(folder);
  const computed = new Map([
    ...(await imageFeatures(model, tensors.float32('input/pixel_values'))),
    ...(await textFeatures(model, tensors.rows('input/ids'))),
  ]);
  const { data } = await (await openWeights(folder, 'CLIP')).read('logit_scale');
  const results = new Map([...computed, ...cosines(computed, Math.exp(Number(data[0])))]);
  const checks = compareResults(results, tensors, () => tolerance);
  return [...checks, ...unchecked(tensors, checks, /^input\//)];
}

/** The vision tower's states and vectors for pictures [N, 3, H, W]. */
export async function imageFeatures(
  { config: { vision }, weights }: ClipModel,
  pictures: Tensor<'f32'>,
): Promise<Results> {
  return await compute({
    weights,
    feeds: { pictures },
    trace: ({ scope, input }) => {
      const { hiddenStates, pooled, projected } = clipVision(scope, vision, input('pictures'));
      return {
        ...Object.fromEntries(hiddenStates.map((state, i) => [`vision/hidden_states_${i}`, state])),
        'vision/last_hidden_state': hiddenStates.at(-1) ?? pooled,
        'vision/pooler_output': pooled,
        'output/image_features': projected,
      };
    },
  });
}

/** The text tower's states and vectors. */
export async function textFeatures(
  { config: { text }, weights }: ClipModel,
  ids: number[][],
): Promise<Results> {
  return await compute({
    weights,
    feeds: {
      ids: int64([ids.length, ids[0]?.length ?? 0], ids.flat()),
      rows: pooledRows(ids, text),
    },
    trace: ({ scope, input }) => {
      const inputs = { ids: input('ids'), pooledRows: input('rows') };
      const { lastHiddenState, pooled, projected } = clipText(scope, text, inputs);
      return {
        'text/last_hidden_state': lastHiddenState,
        'text/pooler_output': pooled,
        'output/text_features': projected ?? pooled,
      };
    },
  });
}

function cosines(computed: Results, logitScale: number): Results {
  const images = unitRows(resultOf(computed, 'output/image_features'));
  const texts = unitRows(resultOf(computed, 'output/text_features'));
  const imageText = matmul(images, transpose2d(texts)); // [images, texts]
  const logits = float32(
    imageText.shape,
    imageText.data.map((cosine) => cosine * logitScale),
  );
  return new Map([
    ['output/image_embeds', images],
    ['output/text_embeds', texts],
    ['output/cosine_image_image', matmul(images, transpose2d(images))],
    ['output/cosine_text_text', matmul(texts, transpose2d(texts))],
    ['output/cosine_image_text', imageText],
    ['output/cosine_text_image', transpose2d(imageText)],
    ['output/logits_per_image', logits],
    ['output/logits_per_text', transpose2d(logits)],
  ]);
}

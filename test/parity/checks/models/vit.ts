/** @file A vision transformer in DINO's form: states and the class token. */
import * as z from 'zod';
import { reshape, slice } from '../../../../src/graph/index.ts';
import { unitRows } from '../../../../src/metrics/encoder-batches.ts';
import { openVitModel } from '../../../../src/metrics/self-supervised.ts';
import { vit } from '../../../../src/models/vit/vit.ts';
import type { VitConfig } from '../../../../src/models/vit/vit-config.ts';
import type { ModelPart } from '../../../../src/pipeline/base/base-model.ts';
import { matmul, transpose2d } from '../../../../src/tensor/linear-algebra/host-matrices.ts';
import type { Tensor } from '../../../../src/tensor/tensor.ts';
import { advised } from '../../advice.ts';
import type { Check } from '../../check.ts';
import { type FixtureTensors, readFixtureTensors } from '../../fixture.ts';
import { compareResults, compute, type Results, resultOf, unchecked } from '../../network.ts';

const fixtureSchema = z.looseObject({ tolerance: z.string().default('') });

/** Compares everything of a fixture of a ViTModel. */
export async function checkVit(folder: string, fixture: unknown): Promise<Check[]> {
  const advice = fixtureSchema.parse(fixture).tolerance;
  // Without advice: float32 through a dozen matrices.
  const tolerance = advised(advice, '', { relative: 1e-5 });
  const tensors = await readFixtureTensors(folder);
  const model = await openVitModel(folder);
  const states = await vitStates(model, tensors.float32('input/pixel_values'));
  const embeddings = unitRows(resultOf(states, 'output/cls'));
  const results: Results = new Map([
    ...states,
    ['output/cosine', matmul(embeddings, transpose2d(embeddings))],
    ...(await otherSize(model, tensors)),
  ]);
  const checks = compareResults(results, tensors, () => tolerance);
  return [...checks, ...unchecked(tensors, checks, /^(input\/|interpolated\/pixel_values)/)];
}

/** Pictures of another size than the model's own, where the fixture has any. */
async function otherSize(model: ModelPart<VitConfig>, tensors: FixtureTensors): Promise<Results> {
  if (!tensors.has('interpolated/pixel_values')) return new Map();
  const states = await vitStates(model, tensors.float32('interpolated/pixel_values'));
  return new Map([
    ['interpolated/embeddings', resultOf(states, 'trace/hidden_states_0')],
    ['interpolated/last_hidden_state', resultOf(states, 'output/last_hidden_state')],
  ]);
}

/** The states of pictures [N, 3, H, W], and the class token's: [N, size]. */
export async function vitStates(
  { config, weights }: ModelPart<VitConfig>,
  pictures: Tensor<'f32'>,
): Promise<Results> {
  const count = pictures.shape[0] ?? 0;
  return await compute({
    weights,
    feeds: { pictures },
    trace: ({ scope, input }) => {
      const { hiddenStates, lastHiddenState } = vit(scope, config, input('pictures'));
      return {
        ...Object.fromEntries(hiddenStates.map((state, i) => [`trace/hidden_states_${i}`, state])),
        'output/last_hidden_state': lastHiddenState,
        'output/cls': reshape(slice(lastHiddenState, 1, 0, 1), [count, config.size]),
      };
    },
  });
}

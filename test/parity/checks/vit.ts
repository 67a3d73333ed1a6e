/** @file A vision transformer in DINO's form: states and the class token. */
import { join } from 'node:path';
import { z } from 'zod';
import { Graph, input, reshape, slice } from '../../../src/graph/index.ts';
import { parseVitConfig, type VitConfig, vit } from '../../../src/models/vit/vit.ts';
import { checkWeights, namedWeights } from '../../../src/models/weights.ts';
import { Scope } from '../../../src/nn/index.ts';
import type { ModelPart } from '../../../src/pipeline/model-part.ts';
import { readJson } from '../../../src/storage/json-file.ts';
import { openWeights } from '../../../src/storage/weight-files.ts';
import { matmul, transpose2d } from '../../../src/tensor/linear-algebra.ts';
import type { Tensor } from '../../../src/tensor/tensor.ts';
import { advised } from '../advice.ts';
import { type Check, unsupported } from '../check.ts';
import { readFixtureTensors } from '../fixture.ts';
import { compareResults, compute, type Results, resultOf, unchecked } from '../network.ts';
import { normalizedRows } from './clip-model.ts';

const fixtureSchema = z.looseObject({ tolerance: z.string().default('') });

/** Compares a fixture of a ViTModel, but for other picture sizes. */
export async function checkVit(folder: string, fixture: unknown): Promise<Check[]> {
  const advice = fixtureSchema.parse(fixture).tolerance;
  // Without advice: float32 through a dozen matrices.
  const tolerance = advised(advice, '', { relative: 1e-5 });
  const tensors = await readFixtureTensors(folder);
  const states = await vitStates(await openVit(folder), tensors.float32('input/pixel_values'));
  const embeddings = normalizedRows(resultOf(states, 'output/cls'));
  const results: Results = new Map([
    ...states,
    ['output/cosine', matmul(embeddings, transpose2d(embeddings))],
  ]);
  const checks = compareResults(results, tensors, () => tolerance);
  const note = 'other picture sizes, with interpolated position embeddings';
  const other = tensors.under('interpolated/').filter((name) => name !== 'pixel_values');
  return [
    ...checks,
    ...other.map((name) => unsupported(`interpolated/${name}`, note)),
    ...unchecked(tensors, checks, /^(input|interpolated)\//),
  ];
}

/** Opens a ViTModel's folder. */
export async function openVit(folder: string): Promise<ModelPart<VitConfig>> {
  const path = join(folder, 'config.json');
  const config = parseVitConfig(await readJson(path, 'ViT configuration'), path);
  const weights = namedWeights('ViT', await openWeights(folder, 'ViT'));
  const graph = new Graph();
  const scope = Scope.root(graph);
  const { imageSize } = config;
  vit(scope, config, input(graph, 'pictures', 'f32', [1, 3, imageSize, imageSize]));
  checkWeights(weights, scope.weights);
  return { config, weights };
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

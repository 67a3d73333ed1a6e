import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeSafetensors } from '../../../formats/safetensors/safetensors.ts';
import type { Recognized } from '../../../models/single-file/kinds.ts';
import { openTensorFile } from '../../../storage/weights/tensor-file.ts';
import { float32, type Tensor } from '../../../tensor/tensor.ts';
import { checkpointPrediction, type FoundPrediction } from './checkpoint-prediction.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-prediction-'));
});
afterEach(() => rm(folder, { recursive: true }));

const sd2: Recognized = { name: 'sd2', inChannels: 4 };
const telling = 'model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias';
const spread = (deviation: number): Tensor =>
  float32(
    [4],
    [1, -1, 1, -1].map((x) => x * deviation),
  );

interface Given {
  readonly tensors?: readonly (readonly [string, Tensor])[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly yaml?: string;
  readonly recognized?: Recognized;
}

async function predictionOf(given: Given): Promise<FoundPrediction['type']> {
  return (await foundIn(given)).type;
}

async function foundIn(given: Given): Promise<FoundPrediction> {
  const { tensors = [], metadata = {}, yaml, recognized = sd2 } = given;
  const path = join(folder, 'v2.1.safetensors');
  await writeFile(path, encodeSafetensors([...tensors, ['x', float32([1])]], metadata));
  if (yaml !== undefined) await writeFile(join(folder, 'v2.1.yaml'), yaml);
  return await checkpointPrediction(path, await openTensorFile(path), recognized);
}

const wide = { tensors: [[telling, spread(0.1)]] } as const;
const narrow = { tensors: [[telling, spread(0.08)]] } as const;
const yamlOf = (params: string): string =>
  `model:\n  target: ldm.models.diffusion.ddpm.LatentDiffusion\n  params:\n    ${params}\n    timesteps: 1000\n`;

test.each<[string, Given, string]>([
  ['a wide spread of the telling weight', wide, 'v_prediction'],
  ['a narrow spread', narrow, 'epsilon'],
  [
    'a yaml that says v, whatever the weights',
    { ...narrow, yaml: yamlOf('parameterization: "v"') },
    'v_prediction',
  ],
  [
    'a yaml that says nothing, whatever the weights',
    { ...wide, yaml: yamlOf('linear_end: 0.012') },
    'epsilon',
  ],
  ['metadata', { ...narrow, metadata: { 'modelspec.prediction_type': 'v' } }, 'v_prediction'],
  [
    'metadata the other way',
    { ...wide, metadata: { 'modelspec.prediction_type': 'epsilon' } },
    'epsilon',
  ],
  ['a tensor v_pred', { tensors: [['v_pred', float32([0])]] }, 'v_prediction'],
  ['an in-painting model', { ...wide, recognized: { name: 'sd2', inChannels: 9 } }, 'epsilon'],
  ['Stable Diffusion 1.x', { ...wide, recognized: { name: 'sd1', inChannels: 4 } }, 'epsilon'],
])('%s decides', async (_what, given, expected) => {
  expect(await predictionOf(given)).toBe(expected);
});

test('of a smaller one, without the telling weight, nothing is said of weights', async () => {
  expect(await foundIn({})).toEqual({ type: 'epsilon', reason: 'this kind of model' });
  expect((await foundIn(narrow)).reason).toContain('the spread of its weights');
});

test.each(['model: [', 'a list of words', yamlOf('parameterization: x0')])(
  'a yaml that is no original configuration is refused: %s',
  async (yaml) => {
    await expect(predictionOf({ yaml })).rejects.toMatchObject({ code: 'CHECKPOINT_YAML' });
  },
);

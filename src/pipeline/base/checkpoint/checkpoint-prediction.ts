/** @file What the UNet of a single-file checkpoint predicts, which its shapes don't tell. */
import * as z from 'zod';
import { ConfigError } from '../../../base/errors.ts';
import { schemaProblems } from '../../../base/messages/schema-problems.ts';
import type { PredictionType } from '../../../diffusion/scheduler-config.ts';
import { type Recognized, unetPrefix } from '../../../models/single-file/kinds.ts';
import { extname } from '../../../platform/paths.ts';
import { readTextIfPresent } from '../../../storage/files/text-file.ts';
import type { TensorFile } from '../../../storage/weights/tensor-file.ts';
import { readPlace, type WeightPlace } from '../../../storage/weights/weight-place.ts';
import { toFloat32 } from '../../../tensor/half.ts';

/** The keys of the original configuration that shapes don't tell. */
const yamlSchema = z.looseObject({
  model: z.looseObject({
    params: z.looseObject({ parameterization: z.enum(['eps', 'v']).default('eps') }),
  }),
});

/** A prediction type and where it was found. */
export interface FoundPrediction {
  readonly type: PredictionType;
  readonly reason: string;
}

/**
 * Looks for the prediction type, in this order: a .yaml of the same name beside the checkpoint (the original
 * configuration, `parameterization: v`), the file's own metadata (`modelspec.prediction_type`), a tensor named `v_pred`,
 * and for Stable Diffusion 2.x the weights themselves, as ComfyUI does. Otherwise epsilon.
 *
 * @throws ConfigError CHECKPOINT_YAML where the .yaml is not an original configuration
 */
export async function checkpointPrediction(
  path: string,
  file: TensorFile,
  recognized: Recognized,
): Promise<FoundPrediction> {
  const yaml = await besideFile(path);
  if (yaml !== undefined) return yaml;
  const stated = file.metadata['modelspec.prediction_type'];
  if (stated === 'v' || stated === 'epsilon') {
    return found(stated === 'v', "the file's modelspec.prediction_type");
  }
  if (file.places.has('v_pred')) return found(true, 'the tensor "v_pred"');
  if (recognized.name === 'x4Upscaler') return found(true, 'this kind of model');
  const telling = file.places.get(tellingWeight);
  const isEither = mayPredictVelocity.includes(recognized.name) && recognized.inChannels === 4;
  return isEither && telling !== undefined
    ? await fromWeights(telling)
    : found(false, 'this kind of model');
}

/** Kinds that were published with either prediction and the same shapes. */
const mayPredictVelocity: readonly Recognized['name'][] = ['sd2'];

function found(velocity: boolean, reason: string): FoundPrediction {
  return { type: velocity ? 'v_prediction' : 'epsilon', reason };
}

async function besideFile(path: string): Promise<FoundPrediction | undefined> {
  const yamlPath = `${path.slice(0, path.length - extname(path).length)}.yaml`;
  const text = await readTextIfPresent(yamlPath);
  if (text === undefined) return undefined;
  return found((await parameterization(text, yamlPath)) === 'v', yamlPath);
}

async function parameterization(text: string, path: string): Promise<'eps' | 'v'> {
  const refuse = (problem: string) =>
    new ConfigError(
      'CHECKPOINT_YAML',
      `${path}: expected the checkpoint's original configuration, as published beside it (model.params...): ${problem}; mend the file or move it away`,
    );
  // Only such files need the parser, which takes long to load.
  const { parseYaml } = await import('../../../formats/yaml-text.ts');
  const found = parseYaml(text, refuse);
  const parsed = yamlSchema.safeParse(found);
  if (parsed.success) return parsed.data.model.params.parameterization;
  throw refuse(schemaProblems(yamlSchema, found, parsed.error));
}

/**
 * The last transformer's first norm: its biases spread further in the published models that predict the velocity. Smaller
 * models have no such layer, and all that were published predict the noise.
 */
const tellingWeight = `${unetPrefix}output_blocks.11.1.transformer_blocks.0.norm1.bias`;
const tellingSpread = 0.09;

async function fromWeights(place: WeightPlace): Promise<FoundPrediction> {
  const values = [...toFloat32(await readPlace(place)).data];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return found(
    Math.sqrt(variance) > tellingSpread,
    'the spread of its weights; a .yaml beside the file decides otherwise',
  );
}

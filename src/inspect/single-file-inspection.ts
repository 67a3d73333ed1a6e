/** @file Inspects a whole model in one file, as ComfyUI and A1111 use it. */
import { KronaError } from '../base/errors.ts';
import { resolveSettings } from '../diffusion/scheduler-config.ts';
import type { ModelWeights } from '../models/weights.ts';
import { openSingleFile, type SingleFile } from '../pipeline/base/single-file-model.ts';
import { textPartName } from '../pipeline/text/text-network.ts';
import { elementCount } from '../tensor/tensor.ts';
import type { WeightsContent } from './model-inspection.ts';
import {
  describedTensors,
  type KnownTensors,
  type TensorSummary,
  type TensorsInspection,
  tensorWarnings,
} from './tensor-summary.ts';

/** A whole model in one file. */
export interface ModelFileInspection {
  readonly kind: 'model file';
  readonly path: string;
  /** `unet`, `vae`, `text_encoder`, ... */
  readonly parts: readonly (WeightsContent & { readonly name: string })[];
  readonly predictionType: string;
  readonly zeroTerminalSnr: boolean;
  /** What kind it is, then what was decided about it, one sentence each. */
  readonly notes: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly summary: TensorSummary;
  readonly warnings: readonly string[];
}

/** Inspects a file with a UNet under the original names; one that is no usable base says why. */
export async function inspectSingleFile(
  known: KnownTensors,
): Promise<ModelFileInspection | TensorsInspection> {
  try {
    return inspection(await openSingleFile(known.path), known);
  } catch (error) {
    if (!(error instanceof KronaError)) throw error;
    const described = 'a Stable Diffusion checkpoint that cannot be used as a base';
    return describedTensors(known, { kind: 'unusable model', described }, [error.message]);
  }
}

function inspection(
  { unet, vae, textEncoders, scheduler, notes }: SingleFile,
  { path, summary, metadata }: KnownTensors,
): ModelFileInspection {
  const settings = resolveSettings(scheduler);
  const parts = [
    ['unet', unet.weights] as const,
    ['vae', vae.weights] as const,
    ...textEncoders.map(({ weights }, i) => [textPartName(i), weights] as const),
  ].map(([name, weights]) => ({ name, ...contentOf(weights) }));
  return {
    kind: 'model file',
    path,
    parts,
    predictionType: settings.prediction_type,
    zeroTerminalSnr: settings.rescale_betas_zero_snr,
    notes,
    metadata,
    summary,
    warnings: tensorWarnings(summary),
  };
}

function contentOf({ places, totalBytes }: ModelWeights): WeightsContent {
  const entries = [...places.values()].map(({ entry }) => entry);
  return {
    parameters: entries.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    bytes: totalBytes,
    dtypes: [...new Set(entries.map(({ dtype }) => dtype))],
  };
}

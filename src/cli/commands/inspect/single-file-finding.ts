/** @file Inspects a whole model in one file, as ComfyUI and A1111 use it. */
import { KronaError } from '../../../base/errors.ts';
import { formatBytes, formatCount } from '../../../base/quantities.ts';
import { resolveSettings } from '../../../diffusion/scheduler-config.ts';
import type { ModelWeights } from '../../../models/weights.ts';
import { openSingleFile, type SingleFile } from '../../../pipeline/base/single-file-model.ts';
import { textPartName } from '../../../pipeline/text/text-network.ts';
import type { TensorFile } from '../../../storage/weights/tensor-file.ts';
import { elementCount } from '../../../tensor/tensor.ts';
import { commandLine, trainingWords } from '../../shell/command-line.ts';
import type { Finding } from './finding.ts';
import { describedTensors, type TensorSummary, tensorFacts, tensorWarnings } from './tensors.ts';

interface Known extends Pick<TensorFile, 'places' | 'metadata'> {
  readonly summary: TensorSummary;
}

/** Inspects a file with a UNet under the original names; one that is no usable base says why. */
export async function inspectSingleFile(path: string, known: Known): Promise<Finding> {
  try {
    return finding(path, await openSingleFile(path), known);
  } catch (error) {
    if (!(error instanceof KronaError)) throw error;
    const described = 'a Stable Diffusion checkpoint that cannot be used as a base';
    const { title, ...rest } = describedTensors({ ...known, described });
    return { ...rest, kind: 'model', title, warnings: [error.message, ...(rest.warnings ?? [])] };
  }
}

function finding(path: string, file: SingleFile, { summary, metadata }: Known): Finding {
  const { unet, vae, textEncoders, scheduler, notes } = file;
  const settings = resolveSettings(scheduler);
  const parts = [
    ['unet', unet.weights] as const,
    ['vae', vae.weights] as const,
    ...textEncoders.map(({ weights }, i) => [textPartName(i), weights] as const),
  ].map(([name, weights]) => ({ name, ...contentOf(weights) }));
  const [kind = 'a Stable Diffusion checkpoint', ...more] = notes;
  return {
    kind: 'model',
    title: `a whole model in one file: ${kind}`,
    facts: [
      ...parts.map(({ name, parameters, bytes, dtypes }) => {
        const text = `${formatCount(parameters)} parameters, ${formatBytes(bytes)}, ${dtypes.join(' and ')}`;
        return [name, text] as const;
      }),
      ...more.map((note) => ['note', note] as const),
      ...Object.entries(metadata)
        .filter(([key]) => key.startsWith('modelspec.') && key !== 'modelspec.thumbnail')
        .map(([key, value]) => [key, value.slice(0, 100)] as const),
      ...tensorFacts(summary),
    ],
    details: {
      parts,
      predictionType: settings.prediction_type,
      zeroTerminalSnr: settings.rescale_betas_zero_snr,
      notes,
      metadata,
      summary,
    },
    warnings: tensorWarnings(summary),
    next: [
      `train on it: ${commandLine('train', '--base', path, ...trainingWords('DIR'))}`,
      `count parameters: ${commandLine('plan', '--base', path)}`,
    ],
  };
}

function contentOf({ places, totalBytes }: ModelWeights) {
  const entries = [...places.values()].map(({ entry }) => entry);
  return {
    parameters: entries.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    bytes: totalBytes,
    dtypes: [...new Set(entries.map(({ dtype }) => dtype))],
  };
}

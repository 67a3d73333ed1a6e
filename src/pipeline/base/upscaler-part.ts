/** @file What an upscaler is told beside its picture: the noise that the picture is put under. */
import { parseSchedulerConfig, type SchedulerConfig } from '../../diffusion/scheduler-config.ts';
import type { VaeConfig } from '../../models/vae/vae-config.ts';
import { join } from '../../platform/paths.ts';
import { readJson } from '../../storage/files/json-file.ts';

/** Of a model that enlarges pictures. */
export interface UpscalerPart {
  /** The noise that the picture is put under. */
  readonly noise: SchedulerConfig;
  /** Timesteps of it, at most. */
  readonly mostNoise: number;
}

/** What the published upscaler's latents were scaled with; its reference takes it whatever a configuration says. */
const latentScaling = 0.08333;

const part = 'low_res_scheduler';

/** Reads the schedule of the picture's noise, in a folder of a model or of configurations. */
export async function readUpscaler(folder: string, mostNoise: number): Promise<UpscalerPart> {
  const path = join(folder, part, 'scheduler_config.json');
  const json = await readJson(path, `${part} configuration`);
  return { noise: parseSchedulerConfig(json, path), mostNoise };
}

/** The parts of a model as those of an upscaler, where it is one. */
export function asUpscaler<Parts extends { readonly vae: { readonly config: VaeConfig } }>(
  parts: Parts,
  upscaler: UpscalerPart | undefined,
): Parts & { readonly upscaler?: UpscalerPart } {
  if (upscaler === undefined) return parts;
  const { vae } = parts;
  const config = { ...vae.config, scalingFactor: latentScaling };
  return { ...parts, vae: { ...vae, config }, upscaler };
}

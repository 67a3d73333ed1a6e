/** @file What the names of published files say of models and adapters that were distilled to few steps, where the files don't. */
import type { SchedulerConfig } from '../../../diffusion/scheduler-config.ts';
import { basename } from '../../../platform/paths.ts';

/** With more steps than this nothing is gained, and details are lost. */
export const mostSteps = 16;

/** The steps that a model was distilled to where its name says them: `sdxl_lightning_8step`. */
export function stepsOfName(name: string): number | undefined {
  const found = Number(/(?:^|\D)(\d{1,2})[-_ ]?steps?(?![a-z])/i.exec(basename(name))?.[1] ?? 0);
  return found >= 1 && found <= mostSteps ? found : undefined;
}

/** What a single file's name says of the schedule that it does not hold, as published files are named. */
export interface NamedDistillation {
  readonly className: string;
  readonly stated: SchedulerConfig['stated'];
  /** Latent side that it was distilled at, where it is not the family's. */
  readonly sampleSize?: number;
}

const trailing = { timestep_spacing: 'trailing' } as const;

/** `sd_turbo.safetensors`, `sd_xl_turbo_1.0_fp16.safetensors`, `sdxl_lightning_1step_x0.safetensors`. */
export function namedDistillation(path: string): NamedDistillation | undefined {
  const name = basename(path).toLowerCase();
  if (/^sdxl[-_]lightning/.test(name)) {
    const clean = /1step_x0/.test(name) ? ({ prediction_type: 'sample' } as const) : {};
    return { className: 'EulerDiscreteScheduler', stated: { ...trailing, ...clean } };
  }
  if (/^sd[-_]?xl[-_]?turbo/.test(name)) {
    return { className: 'EulerAncestralDiscreteScheduler', stated: trailing, sampleSize: 64 };
  }
  if (isHyperUnet(name)) return { className: 'LCMScheduler', stated: {} };
  if (/^sd[-_]?turbo/.test(name)) return { className: 'EulerDiscreteScheduler', stated: trailing };
  return undefined;
}

/** `Hyper-SDXL-1step-Unet-Comfyui.fp16.safetensors`: a UNet distilled to one step from timestep 800. */
export function isHyperUnet(path: string): boolean {
  return /^hyper-sdxl-1step-unet/i.test(basename(path));
}

/** @file Models distilled to draw in few steps: known by their parts or their file's name, and what they are drawn with. */
import type { SchedulerConfig } from '../../../diffusion/scheduler-config.ts';
import { basename } from '../../../platform/paths.ts';
import type { BaseModel } from '../base-model.ts';
import type { Recommendation } from './recommendation.ts';

/** What tells such a model. */
type Known = Pick<BaseModel, 'name' | 'scheduler'> & {
  readonly unet: { readonly config: Pick<BaseModel['unet']['config'], 'guidanceSize'> };
};

/** One way to distil. */
interface Distillation {
  /** The model in words: `a latent consistency model`. */
  readonly what: string;
  readonly is: (model: Known) => boolean;
  readonly generate: Recommendation['generate'];
}

const usualSteps = 4;

/** From the most telling sign on. Guidance of 1 is none: what it did was distilled into the network. */
const distillations: readonly Distillation[] = [
  {
    what: 'a latent consistency model that is told its guidance',
    is: ({ unet }) => unet.config.guidanceSize !== undefined,
    generate: { sampler: 'lcm', steps: usualSteps, guidance: 8.5 },
  },
  {
    what: 'a latent consistency model',
    is: ({ scheduler }) => scheduler.className === 'LCMScheduler',
    generate: { steps: usualSteps, guidance: 1 },
  },
  {
    what: 'a trajectory consistency model',
    is: ({ scheduler }) => scheduler.className === 'TCDScheduler',
    generate: { steps: usualSteps, guidance: 1, eta: 0.3 },
  },
  {
    what: 'a model distilled to few steps, such as Turbo or Lightning',
    // A distilled network was never asked but from the end; others are spaced so where they end in pure noise.
    is: ({ scheduler: { className, stated } }) =>
      /^Euler(Ancestral)?DiscreteScheduler$/.test(className) &&
      stated.timestep_spacing === 'trailing' &&
      stated.prediction_type !== 'v_prediction' &&
      stated.rescale_betas_zero_snr !== true,
    generate: { steps: usualSteps, guidance: 1 },
  },
];

function distillationOf(model: Known): Distillation | undefined {
  return distillations.find(({ is }) => is(model));
}

/** The model with what suits it recommended and said, where it was distilled; its own file of settings wins. */
export function withFewSteps(base: BaseModel): BaseModel {
  const found = distillationOf(base);
  if (found === undefined) return base;
  const steps = stepsOfName(base.name) ?? found.generate.steps;
  const usual = { ...found.generate, steps };
  const own = base.recommendation;
  const drawn = Object.entries(usual).map(([key, value]) => `${key} ${value}`);
  const note = `${found.what}: it is drawn with ${drawn.join(', ')} where nothing else is said`;
  return {
    ...base,
    recommendation: { ...own, generate: { ...usual, ...own.generate } },
    notes: [...(base.notes ?? []), note],
  };
}

/** The steps that a model was distilled to where its name says them: `sdxl_lightning_8step`. */
function stepsOfName(name: string): number | undefined {
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
  if (/^sd[-_]?turbo/.test(name)) return { className: 'EulerDiscreteScheduler', stated: trailing };
  return undefined;
}

/** What is asked of a drawing. */
interface Asked {
  readonly guidance: number;
  readonly steps: number;
  readonly negative: string;
}

/** More guidance than this over-saturates what was distilled to need none. */
const mostGuidance = 2;
/** With more steps than this nothing is gained, and details are lost. */
const mostSteps = 16;

/** What will not do what one may expect of it, one sentence each. */
export function fewStepsWarnings(base: BaseModel, { guidance, steps, negative }: Asked): string[] {
  const found = distillationOf(base);
  const isTold = base.unet.config.guidanceSize !== undefined;
  const warnings: string[] = [];
  if (found !== undefined && !isTold && guidance > mostGuidance) {
    warnings.push(
      `guidance ${guidance}: the base is ${found.what}, whose pictures it over-saturates; 1 is right, which is no guidance`,
    );
  }
  if (found !== undefined && steps > mostSteps) {
    const usual = base.recommendation.generate.steps ?? usualSteps;
    warnings.push(`steps ${steps}: the base is ${found.what}; ${usual} are right`);
  }
  if (negative !== '' && (guidance === 1 || isTold)) {
    const reason = isTold
      ? 'the base is told its guidance instead'
      : 'guidance is 1, which is none';
    warnings.push(`negative: it is not looked at, because ${reason}`);
  }
  return warnings;
}

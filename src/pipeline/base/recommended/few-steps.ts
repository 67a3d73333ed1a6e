/** @file Models distilled to draw in few steps: known by their parts or their file's name, and what they are drawn with. */
import type { BaseModel } from '../base-model.ts';
import { isHyperUnet, mostSteps, stepsOfName } from './few-step-names.ts';
import type { Recommendation } from './recommendation.ts';

/** What was distilled, and how that is drawn. */
export interface Distilled {
  /** The whole in words: `a latent consistency model`. */
  readonly what: string;
  /** Without guidance where it keeps the usual one. */
  readonly generate: Recommendation['generate'];
}

/** What tells such a model. */
type Known = Pick<BaseModel, 'name' | 'scheduler'> & {
  readonly unet: { readonly config: Pick<BaseModel['unet']['config'], 'guidanceSize'> };
};

/** One way to distil a model. */
interface Distillation extends Distilled {
  readonly is: (model: Known) => boolean;
}

const usualSteps = 4;

/** From the most telling sign on. Guidance of 1 is none: what it did was distilled into the network. */
const distillations: readonly Distillation[] = [
  {
    what: 'a Hyper-SD model of one step',
    is: ({ name }) => isHyperUnet(name),
    generate: { steps: 1, timesteps: [800], guidance: 1 },
  },
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
  const note = howDrawn({ ...found, generate: usual });
  return {
    ...base,
    recommendation: { ...own, generate: { ...usual, ...own.generate } },
    notes: [...(base.notes ?? []), note],
  };
}

/** A sentence: `a latent consistency model: it is drawn with steps 4, guidance 1 where nothing else is said`. */
export function howDrawn({ what, generate }: Distilled): string {
  const drawn = Object.entries(generate).map(([key, value]) => `${key} ${value}`);
  return `${what}: it is drawn with ${drawn.join(', ')} where nothing else is said`;
}

/** What is asked of a drawing. */
interface Asked {
  readonly guidance: number;
  readonly guidanceRescale: number;
  readonly steps: number;
  readonly negative: string;
}

/** More guidance than this over-saturates what was distilled to need none. */
const mostGuidance = 2;

/**
 * What will not do what one may expect of it, one sentence each.
 *
 * @param adapter one that makes the base draw in few steps
 */
export function fewStepsWarnings(
  base: BaseModel,
  adapter: Distilled | undefined,
  { guidance, guidanceRescale, steps, negative }: Asked,
): string[] {
  const found = adapter ?? distillationOf(base);
  const is = found && (adapter === undefined ? `the base is ${found.what}` : found.what);
  const isTold = base.unet.config.guidanceSize !== undefined;
  const warnings: string[] = [];
  if (found?.generate.guidance === 1 && guidance > mostGuidance) {
    warnings.push(
      `guidance ${guidance}: ${is}, whose pictures it over-saturates; 1 is right, which is no guidance`,
    );
  }
  if (found !== undefined && steps > mostSteps) {
    const { steps: usual = usualSteps } = adapter?.generate ?? base.recommendation.generate;
    warnings.push(`steps ${steps}: ${is}; ${usual} are right`);
  }
  const ofGuidance = [
    ...(negative === '' ? [] : ['negative']),
    ...(guidanceRescale === 0 ? [] : ['guidanceRescale']),
  ];
  if (guidance === 1 || isTold) {
    const reason = isTold
      ? 'the base is told its guidance instead'
      : 'guidance is 1, which is none';
    warnings.push(...ofGuidance.map((name) => `${name}: it is not looked at, because ${reason}`));
  }
  return warnings;
}

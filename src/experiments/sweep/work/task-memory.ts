/** @file How much memory a worker needs for the tasks of a sweep. */
import type { BaseModel } from '../../../pipeline/base/base-model.ts';
import { openBaseModel } from '../../../pipeline/base/open-base.ts';
import type { HubHost } from '../../../storage/hub/hub-events.ts';
import { StepProgram } from '../../../train/step-program.ts';
import { planTraining } from '../../../train/training-plan.ts';
import type { NamedSpec } from '../spec/read-spec.ts';
import { completeTraining } from '../spec/variant-settings.ts';
import { expandVariants, type Variant } from '../spec/variants.ts';

/** Node, the libraries and the encoders that judge. */
const besides = 400e6;

/**
 * Expected resident bytes of a training step, as the compiler estimates them, and what is beside it: of every base the
 * first variant's, and of these the most.
 */
export async function taskMemory({ spec, path }: NamedSpec, hub: HubHost): Promise<number> {
  const variants = expandVariants(spec, path);
  const names = new Set([spec.base, ...variants.flatMap(({ base }) => base ?? [])]);
  let most = 0;
  for (const name of names) {
    const own = variants.filter(({ base = spec.base }) => base === name);
    most = Math.max(most, await memoryOn(await openBaseModel(name, hub), own));
  }
  return most;
}

async function memoryOn(base: BaseModel, variants: readonly Variant[]): Promise<number> {
  const [variant] = variants.filter(({ adapted }) => adapted);
  if (variant === undefined) return base.unet.weights.totalBytes + besides;
  const { config } = completeTraining(variant, base.recommendation, 0);
  const [whole] = StepProgram.plan(base, planTraining(config, base)).plans();
  return (whole?.bytes ?? 0) + besides;
}

/** @file How much memory a worker needs for the tasks of a sweep. */
import { openBaseModel } from '../../../pipeline/base/open-base.ts';
import type { HubHost } from '../../../storage/hub/hub-events.ts';
import { StepProgram } from '../../../train/step-program.ts';
import { planTraining } from '../../../train/training-plan.ts';
import type { NamedSpec } from '../spec/read-spec.ts';
import { completeTraining } from '../spec/variant-settings.ts';
import { expandVariants } from '../spec/variants.ts';

/** Node, the libraries and the encoders that judge. */
const besides = 400e6;

/** Expected resident bytes of the first variant's training step, as the compiler estimates them, and what is beside it. */
export async function taskMemory({ spec, path }: NamedSpec, hub: HubHost): Promise<number> {
  const base = await openBaseModel(spec.base, hub);
  const [variant] = expandVariants(spec, path).filter(({ adapted }) => adapted);
  if (variant === undefined) return base.unet.weights.totalBytes + besides;
  const { config } = completeTraining(variant, base.recommendation, 0);
  const [whole] = StepProgram.plan(base, planTraining(config, base)).plans();
  return (whole?.bytes ?? 0) + besides;
}

/** @file What a plan lacks until its base is opened and its pictures are there. */
import { type ConstantsHost, prepareAdapters } from '../../pipeline/adapters/site-constants.ts';
import { withStoredPrecision } from '../../pipeline/precision/stored-precision.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import type { CountedPhase } from '../events.ts';
import type { Report } from '../folder/logs/run-log.ts';
import { sameForm, type TextForm } from '../texts/text-form.ts';
import type { TrainPlan } from '../training-plan.ts';

/** The plan with what is computed once from the frozen weights: by methods, and of a base in eight bits. @throws the signal's reason */
export async function prepared(
  plan: TrainPlan,
  { hub, now }: { readonly hub?: HubHost; readonly now: () => number },
  { signal, report }: { readonly signal: AbortSignal; readonly report: Report },
): Promise<TrainPlan> {
  const during = (phase: CountedPhase): ConstantsHost => ({
    signal,
    now,
    environment: hub?.environment,
    onStart: () => report({ type: 'phase', phase }),
    onProgress: (progress) => report({ type: 'progress', phase, ...progress }),
  });
  const base = await withStoredPrecision(plan.base, during('rounding weights'));
  const placed = await prepareAdapters(base, plan.placed, during('decomposing weights'));
  return { ...plan, base, placed };
}

/** The plan for texts of a form, which is what it says already where that was known before. */
export function withTexts(plan: TrainPlan, texts: TextForm): TrainPlan {
  const { texts: planned = { chunks: 1, isWeighted: false } } = plan;
  return sameForm(planned, texts) ? plan : { ...plan, texts };
}

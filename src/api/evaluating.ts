/** @file `evaluate`: the scores of the literature for a run, or for pictures of any tool. */
import type { EvaluateEvent } from '../experiments/evaluate/evaluate-options.ts';
import { evaluatePictures } from '../experiments/evaluate/evaluate-pictures.ts';
import { evaluateRun } from '../experiments/evaluate/evaluate-run.ts';
import type { Evaluated } from '../experiments/evaluate/evaluation.ts';
import type { HubEvent } from '../storage/hub/hub-events.ts';
import { beginWith, type Host } from './call/call-host.ts';
import type { Work } from './call/work.ts';
import type { PicturesEvaluation, RunEvaluation } from './options/evaluate-settings.ts';

/** What to evaluate: a run, whose prompts are drawn first, or pictures that exist. */
export type EvaluateOptions =
  | (RunEvaluation & {
      /** Folder of a run whose training has finished. */
      readonly run: string;
      readonly pictures?: undefined;
    })
  | (PicturesEvaluation & { readonly run?: undefined });

/**
 * Scores a run into its folder `evaluation`, where pictures that are there are not drawn again; or pictures of any tool,
 * beside them.
 *
 * @throws KronaError naming what is wrong and what to do, before anything is drawn: of its own RunError NOT_A_RUN,
 *   NO_ADAPTER, ConfigError OUT_EXISTS, IMAGES_MISSING, SUBJECT_MISSING, DataError PICTURES_MISSING, PICTURES_TOO_MANY
 * @throws the signal's reason
 * @example
 * ```ts
 * const { evaluation } = await evaluate({ run: 'runs/dog', count: 2 });
 * console.log(evaluation.summary);
 * ```
 */
export function evaluate(
  options: EvaluateOptions,
  host: Host<EvaluateEvent> = {},
): Work<EvaluateEvent | HubEvent, Evaluated> {
  return beginWith(host, async (complete) => {
    if (options.run === undefined) {
      const { run: _, ...settings } = options;
      return await evaluatePictures(settings, complete);
    }
    const { run, pictures: _, ...settings } = options;
    return await evaluateRun(run, settings, complete);
  });
}

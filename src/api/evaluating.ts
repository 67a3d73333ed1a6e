/** @file `evaluate`: the scores of the literature for a run, or for pictures of any tool. */
import * as z from 'zod';
import type { EvaluateEvent } from '../experiments/evaluate/evaluate-options.ts';
import { evaluateGiven, evaluatePictures } from '../experiments/evaluate/evaluate-pictures.ts';
import { evaluateRun } from '../experiments/evaluate/evaluate-run.ts';
import type { Evaluated } from '../experiments/evaluate/evaluation.ts';
import type { HubEvent } from '../storage/hub/hub-events.ts';
import { beginWith, type Host } from './call/call-host.ts';
import { checked, named, source } from './call/checked.ts';
import { bytesIn, type PictureSource } from './call/picture-source.ts';
import type { Work } from './call/work.ts';
import type { PicturesEvaluation, RunEvaluation } from './options/evaluate-settings.ts';

/** What to evaluate: a run, whose prompts are drawn first, or pictures that exist. */
export type EvaluateOptions =
  | (RunEvaluation & {
      /** Folder of a run whose training has finished. */
      readonly run: string;
      readonly pictures?: undefined;
    })
  | (PicturesEvaluation & { readonly run?: undefined; readonly pictures?: string | undefined });

/** Pictures of one subject that are given by themselves: for each prompt, in the order of the prompts, those of it. */
export interface GivenEvaluation extends PicturesEvaluation {
  readonly run?: undefined;
  readonly pictures: readonly (readonly PictureSource[])[];
}

/**
 * Scores a run into its folder `evaluation`, where pictures that are there are not drawn again; or pictures of any tool,
 * beside them where they lie in a folder, only as a result where they are given by themselves.
 *
 * @throws KronaError naming what is wrong and what to do, before anything is drawn: of its own RunError NOT_A_RUN,
 *   NO_ADAPTER, ConfigError OUT_EXISTS, IMAGES_MISSING, SUBJECT_MISSING, DataError PICTURES_MISSING, PICTURES_TOO_MANY
 * @throws the signal's reason
 * @example
 * ```ts
 * const { evaluation } = await evaluate({ run: 'runs/dog', count: 2 });
 * console.log(evaluation.summary);
 * ```
 * @example
 * ```ts
 * const pictures = [[snow1, snow2], [beach1, beach2]];
 * await evaluate({ pictures, images: 'my-dog', subject: 'sks dog', prompts: 'two-prompts.txt' });
 * ```
 */
export function evaluate(
  options: GivenEvaluation,
  host?: Host<EvaluateEvent>,
): Work<EvaluateEvent | HubEvent, Pick<Evaluated, 'evaluation'>>;
export function evaluate(
  options: EvaluateOptions,
  host?: Host<EvaluateEvent>,
): Work<EvaluateEvent | HubEvent, Evaluated>;
export function evaluate(
  options: EvaluateOptions | GivenEvaluation,
  host: Host<EvaluateEvent> = {},
): Work<EvaluateEvent | HubEvent, Evaluated | Pick<Evaluated, 'evaluation'>> {
  return beginWith(host, async (complete) => {
    const { run, pictures, images, ...settings } = options;
    const sources = checked(sourcesSchema, { pictures, images }, 'an evaluation');
    const bytes = new Map<string, Uint8Array>();
    const nameOf = async (each: PictureSource, name: string): Promise<string> => {
      if (typeof each === 'string') return each;
      bytes.set(name, await bytesIn(each, name));
      return name;
    };
    const real = Array.isArray(sources.images)
      ? await allOf(sources.images, (image, i) => nameOf(image, `images[${i}]`))
      : undefined;
    const folder = Array.isArray(sources.images) ? undefined : sources.images;
    const given = { ...settings, images: folder };
    const surroundings = { ...complete, given: { real, bytes } };
    if (run !== undefined) return await evaluateRun(run, given, surroundings);
    if (!Array.isArray(sources.pictures)) {
      return await evaluatePictures({ ...given, pictures: sources.pictures }, surroundings);
    }
    const made = await allOf(sources.pictures, (group, i) =>
      allOf(group, (picture, k) => nameOf(picture, `pictures[${i}][${k}]`)),
    );
    return { evaluation: await evaluateGiven(given, made, surroundings) };
  });
}

const sourcesSchema = z.strictObject({
  pictures: z.union([named, z.array(z.array(source).min(1)).min(1)]).optional(),
  images: z.union([named, z.array(source).min(1)]).optional(),
});

/** One after the other: pictures may be large. */
async function allOf<Each, Result>(
  each: readonly Each[],
  work: (one: Each, i: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const [i, one] of each.entries()) results.push(await work(one, i));
  return results;
}

/** @file Evaluates a run: draws its prompts, and unrelated ones with and without its adapter, and scores them. */
import type { Listener } from '../../base/listener.ts';
import { seedsFrom } from '../../base/numbers/seeds.ts';
import { readPromptLines } from '../../data/prompt-lines.ts';
import type { GenerateOptions } from '../../generate/generate-options.ts';
import { type EvaluationPrompt, fillTemplate } from '../../metrics/prompts.ts';
import { readPictures } from '../../metrics/scored-pictures.ts';
import { join } from '../../platform/paths.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import { type RunRecord, readRun } from '../../train/folder/run-folder.ts';
import { parseSubject, type Subject } from '../../train/subject-phrase.ts';
import { pictureFiles } from '../benchmark/picture-files.ts';
import { drawEvaluation, drawingNetworks } from './draw-evaluation.ts';
import {
  drawingKeys,
  type EvaluateConfig,
  type EvaluateEvent,
  type EvaluateOptions,
  resolveEvaluation,
} from './evaluate-options.ts';
import {
  type Evaluated,
  type GivenPictures,
  requireReplaceable,
  writeEvaluation,
} from './evaluation.ts';
import { drawnWith, planEvaluation } from './evaluation-plan.ts';
import { openPromptLists, subjectTypeOf } from './evaluation-prompts.ts';
import { findJudges, openJudges, scoreEvaluation } from './judges.ts';
import { unrelatedPrompts } from './unrelated-prompts.ts';

/** What an evaluation needs of its surroundings. */
export interface EvaluateHost {
  readonly listener?: Listener<EvaluateEvent>;
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly now: () => number;
  readonly hub?: HubHost;
  /** Pictures that are given in place of folders. @default none */
  readonly given?: GivenPictures | undefined;
}

/**
 * Evaluates a finished run into its folder `evaluation`. Pictures that are there already are not drawn again.
 *
 * @throws KronaError naming what is wrong and what to do, before anything is drawn
 */
export async function evaluateRun(
  run: string,
  options: EvaluateOptions,
  host: EvaluateHost,
): Promise<Evaluated> {
  const config = resolveEvaluation(options, 'run');
  const record = await readRun(run);
  const isPocket = record.base.name === 'pocket';
  const subject = parseSubject(record.config.subject, record.config.class);
  const prompts = await promptsOf(config, subject, isPocket);
  const unrelated = await unrelatedOf(config, subject, isPocket);
  const real = await realPictures(config, record, host);
  const folder = join(run, 'evaluation');
  await requireReplaceable(folder);
  const { count, seed } = config;
  const plan = await planEvaluation({ ...drawingOptions(options), run, out: folder, count }, host);
  const found = await findJudges(config, isPocket, host.hub ?? {});
  for (const message of plan.notes) host.listener?.({ type: 'note', message });
  await using networks = drawingNetworks(plan.base);
  const baseFolder = join(folder, 'unrelated', 'without');
  const drawing = { prompts, unrelated, seeds: seedsFrom(seed, count), folder, baseFolder };
  const { pictures, pairs } = await drawEvaluation(plan, drawing, { ...host, networks });
  await using judges = await openJudges(found, config.device);
  const given = host.given?.bytes;
  const { phrase, className } = subject;
  const scored = { subject: phrase, className, real, prompts: pictures, pairs, given };
  const { scores, drift } = await scoreEvaluation(judges, scored, host);
  const { base, fingerprint } = plan;
  const { device } = plan.config;
  return await writeEvaluation(folder, {
    ...{ judges: found, seed, drift },
    scores: [scores],
    drawing: { base: base.name, fingerprint, count, seed, ...drawnWith(plan), device },
  });
}

async function promptsOf(
  { prompts, type }: EvaluateConfig,
  subject: Subject,
  isPocket: boolean,
): Promise<readonly EvaluationPrompt[]> {
  const lists = await openPromptLists(prompts, isPocket);
  const templates = lists[type ?? (await subjectTypeOf(subject.className))];
  return templates.map((template) => fillTemplate(template, subject));
}

async function unrelatedOf(
  { drift, driftPrompts }: EvaluateConfig,
  { className }: Subject,
  isPocket: boolean,
): Promise<readonly string[]> {
  if (!drift) return [];
  if (driftPrompts !== undefined) return await readPromptLines(driftPrompts);
  return unrelatedPrompts(className, isPocket);
}

/** Files of the real pictures, each of which can be read. */
async function realPictures(
  { images: folder }: EvaluateConfig,
  { config, images }: RunRecord,
  { listener, given }: EvaluateHost,
): Promise<readonly string[]> {
  const files =
    given?.real ??
    (folder === undefined
      ? images.map((name) => join(config.images, name))
      : await pictureFiles(folder, (message) => listener?.({ type: 'note', message })));
  await readPictures(files, given?.bytes);
  return files;
}

/** Only what was given: the base model may recommend the rest. */
function drawingOptions(options: EvaluateOptions): Partial<GenerateOptions> {
  return Object.fromEntries(Object.entries(options).filter(([key]) => drawingKeys.includes(key)));
}

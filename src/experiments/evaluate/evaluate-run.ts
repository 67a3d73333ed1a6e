/** @file Evaluates a run: draws its prompts, and unrelated ones with and without its adapter, and scores them. */
import type { Listener } from '../../base/listener.ts';
import { seedsFrom } from '../../base/numbers/seeds.ts';
import { readPromptLines } from '../../data/prompt-lines.ts';
import type { GenerateOptions } from '../../generate/generate-options.ts';
import type { DriftScores } from '../../metrics/drift.ts';
import type { SubjectScores } from '../../metrics/score-subject.ts';
import { join } from '../../platform/paths.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import { readRun } from '../../train/folder/run-folder.ts';
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
import { findJudges, openJudges, scoreEvaluation } from './judges.ts';
import { runSubjects } from './run-subjects.ts';
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
 * Evaluates a finished run into its folder `evaluation`, each of its subjects by itself. Pictures that are there already are not drawn again.
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
  const subjects = await runSubjects(config, record, host);
  const classes = subjects.map(({ className }) => className);
  const unrelated = await unrelatedOf(config, classes, isPocket);
  const folder = join(run, 'evaluation');
  await requireReplaceable(folder);
  const { count, seed } = config;
  const plan = await planEvaluation({ ...drawingOptions(options), run, out: folder, count }, host);
  const found = await findJudges(config, isPocket, host.hub ?? {});
  for (const message of plan.notes) host.listener?.({ type: 'note', message });
  await using networks = drawingNetworks(plan.base);
  const baseFolder = join(folder, 'unrelated', 'without');
  const prompts = subjects.flatMap((subject) => subject.prompts);
  const drawing = { prompts, unrelated, seeds: seedsFrom(seed, count), folder, baseFolder };
  const { pictures, pairs } = await drawEvaluation(plan, drawing, { ...host, networks });
  await using judges = await openJudges(found, config.device);
  const scores: SubjectScores[] = [];
  const drift: DriftScores[] = [];
  let scored = 0;
  for (const [i, { phrase, className, real, prompts: own }] of subjects.entries()) {
    const made = pictures.slice(scored, scored + own.length);
    scored += own.length;
    // What an adapter breaks is of no subject.
    const about = { real, prompts: made, pairs: i === 0 ? pairs : [], given: host.given?.bytes };
    const asked = { subject: phrase, className, ...about };
    const { scores: its, drift: itsDrift } = await scoreEvaluation(judges, asked, host);
    scores.push(its);
    drift.push(...itsDrift);
  }
  const { base, fingerprint } = plan;
  const { device } = plan.config;
  return await writeEvaluation(folder, {
    ...{ judges: found, seed, drift, scores },
    drawing: { base: base.name, fingerprint, count, seed, ...drawnWith(plan), device },
  });
}

async function unrelatedOf(
  { drift, driftPrompts }: EvaluateConfig,
  classes: readonly string[],
  isPocket: boolean,
): Promise<readonly string[]> {
  if (!drift) return [];
  if (driftPrompts !== undefined) return await readPromptLines(driftPrompts);
  return unrelatedPrompts(classes, isPocket);
}

/** Only what was given: the base model may recommend the rest. */
function drawingOptions(options: EvaluateOptions): Partial<GenerateOptions> {
  return Object.fromEntries(Object.entries(options).filter(([key]) => drawingKeys.includes(key)));
}

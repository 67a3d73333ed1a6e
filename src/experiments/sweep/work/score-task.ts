/** @file The scores of a task: draws its prompts, or finds another tool's pictures of them, and asks the encoders. */
import { required } from '../../../base/required.ts';
import type { GenerateOptions } from '../../../generate/generate-options.ts';
import type { PromptPictures } from '../../../metrics/score-subject.ts';
import { type Means, meansByPrompt, metrics } from '../../../metrics/summary.ts';
import { residentMemory } from '../../../platform/machine.ts';
import { join } from '../../../platform/paths.ts';
import { pathInside } from '../../../storage/files/path-inside.ts';
import { readRun } from '../../../train/folder/run-folder.ts';
import type { BenchmarkSubject } from '../../benchmark/benchmark.ts';
import {
  type DrawHost,
  type DrawnEvaluation,
  drawEvaluation,
} from '../../evaluate/draw-evaluation.ts';
import { drawnWith, type EvaluationPlan, planEvaluation } from '../../evaluate/evaluation-plan.ts';
import { scoreEvaluation } from '../../evaluate/judges.ts';
import { numberedPictures } from '../../evaluate/numbered-folders.ts';
import { keyOf } from '../plan/key.ts';
import { encodeSheet, readThumbnail } from '../run/thumbnails.ts';
import type { Scores, TaskResult } from './task-result.ts';
import type { Trained } from './train-task.ts';
import type { TaskHost } from './workbench.ts';
import type { ScoringTask, Task } from './worker-protocol.ts';

export interface Scoring {
  readonly local: BenchmarkSubject;
  /** Absent where the base model draws alone, or another tool did. */
  readonly trained: Trained | undefined;
  readonly host: TaskHost;
}

/** A result, and a sheet of its pictures: a row for each prompt, a column for each seed. */
export interface Scored {
  readonly result: TaskResult;
  readonly sheet: Uint8Array;
}

/** Draws what is not there yet, and scores it. */
export async function scoreTask(
  task: Task,
  scoring: ScoringTask,
  { local, trained, host }: Scoring,
): Promise<Scored> {
  const started = host.now();
  const made = await picturesOf(task, scoring, { local, trained, host });
  const drawSeconds = (host.now() - started) / 1000;
  const record = trained && (await readRun(trained.run));
  const parameters = scoring.pictures === undefined ? (record?.parameters ?? 0) : undefined;
  const result: TaskResult = {
    version: '1',
    key: scoring.key,
    ...(parameters === undefined ? {} : { parameters }),
    ...(await scoresOf(task, made, { local, host })),
    settings: {
      ...(task.training === undefined ? {} : { train: task.training.settings }),
      ...(made.plan === undefined ? {} : { draw: drawnWith(made.plan) }),
    },
    cost: costOf(made, { trained, drawSeconds, worker: host.worker }),
  };
  return { result, sheet: await sheetOf(made.pictures) };
}

async function scoresOf(
  task: Task,
  made: Made,
  { local, host }: Pick<Scoring, 'local' | 'host'>,
): Promise<Pick<TaskResult, 'prompts' | 'drift' | 'real' | 'encoders'>> {
  const judges = await host.workbench.judges(task, task.base === 'pocket');
  const { scores, drift } = await scoreEvaluation(
    judges,
    {
      ...{ subject: local.name, className: local.className, real: local.images },
      ...{ prompts: made.pictures, pairs: made.pairs },
    },
    evaluationHost(host),
  );
  const { pictures, prompts, real } = scores;
  const { clip, dino } = judges.folders;
  return {
    prompts: meansByPrompt({ pictures, prompts }).map((row) => ({
      prompt: row.prompt,
      scores: roundedScores(row),
    })),
    drift: drift.map(({ prompt, clip: ofClip, dino: ofDino }) => ({
      prompt,
      scores: { driftClip: rounded(ofClip), driftDino: rounded(ofDino) },
    })),
    real: { clipI: rounded(real.clipI ?? 1), dino: rounded(real.dino ?? 1) },
    encoders: { clip: clip.name, dino: dino.name },
  };
}

function costOf(
  { plan, pictures }: Made,
  {
    trained,
    drawSeconds,
    worker,
  }: Pick<Scoring, 'trained'> & { readonly drawSeconds: number; readonly worker: string },
): TaskResult['cost'] {
  const training = trained && {
    trainSeconds: rounded(trained.trainSeconds),
    stepSeconds: rounded(trained.stepSeconds),
  };
  return {
    worker,
    device: plan?.base.device ?? 'none',
    ...training,
    ...(plan === undefined ? {} : { drawSeconds: rounded(drawSeconds) }),
    pictures: pictures.reduce((sum, { files }) => sum + files.length, 0),
    memoryBytes: Math.max(trained?.memoryBytes ?? 0, residentMemory()),
  };
}

interface Made extends DrawnEvaluation {
  /** Absent for pictures of another tool. */
  readonly plan: EvaluationPlan | undefined;
}

async function picturesOf(
  { base, subject }: Task,
  { key, pictures, prompts, unrelated, seeds, settings }: ScoringTask,
  { trained, host }: Scoring,
): Promise<Made> {
  if (pictures !== undefined) {
    const files = await numberedPictures(
      pathInside(pictures, subject.name, 'subject'),
      prompts.map(({ typed }) => typed),
    );
    const found = prompts.map((prompt, i) => ({ prompt, files: required(files, i) }));
    return { pictures: found, pairs: [], plan: undefined };
  }
  const { work, workbench } = host;
  const { device, hub } = workbench.options;
  const folder = pathInside(join(work, 'drawings'), key, 'task');
  const own = {
    // Without an adapter there is nothing that it multiplies.
    ...(trained === undefined ? { base, strength: undefined } : { run: trained.run }),
    ...(device === undefined ? {} : { device }),
    ...{ out: folder, count: seeds.length },
  };
  const plan = await planEvaluation({ ...(settings as Partial<GenerateOptions>), ...own }, { hub });
  const name = `base-${keyOf({ base, settings, unrelated, seeds })}`;
  const drawing = { prompts, seeds, unrelated, folder, baseFolder: join(work, 'drawings', name) };
  const networks = await workbench.drawing(plan.base);
  const drawn = await drawEvaluation(plan, drawing, { ...evaluationHost(host), networks });
  return { ...drawn, plan };
}

/** An evaluation's surroundings: what it tells is a task's progress. */
function evaluationHost({ now, signal, onProgress }: TaskHost): DrawHost {
  return {
    ...{ now, signal },
    listener: (event) => {
      if (event.type !== 'drawing' && event.type !== 'scoring') return;
      onProgress({ stage: event.type, done: event.done, total: event.total });
    },
  };
}

function roundedScores(row: Means): Scores {
  return Object.fromEntries(
    metrics.flatMap((metric) => {
      const value = row[metric];
      return value === undefined ? [] : [[metric, rounded(value)]];
    }),
  );
}

/** Six decimals: more than cosines of float32 embeddings hold. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

async function sheetOf(prompts: readonly PromptPictures[]): Promise<Uint8Array> {
  const columns = Math.max(...prompts.map(({ files }) => files.length));
  const pictures = [];
  for (const { files } of prompts) {
    const row = await Promise.all(files.map(readThumbnail));
    // A tool may have made fewer pictures of a prompt: its last stands in their place.
    const filler = row.slice(-1);
    pictures.push(...row, ...Array.from({ length: columns - row.length }, () => filler).flat());
  }
  return await encodeSheet(pictures, columns);
}

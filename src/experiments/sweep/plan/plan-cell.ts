/** @file One cell of a sweep: its key, the hash of all that decides its result, and the task that fills it. */
import { ConfigError } from '../../../base/errors.ts';
import { seedsFrom } from '../../../base/numbers/seeds.ts';
import { type EvaluationPrompt, fillTemplate } from '../../../metrics/prompts.ts';
import type { BaseModel } from '../../../pipeline/base/base-model.ts';
import { pathInside } from '../../../storage/files/path-inside.ts';
import { fileFingerprint } from '../../../storage/fingerprint.ts';
import type { BenchmarkSubject } from '../../benchmark/benchmark.ts';
import { usualJudges } from '../../evaluate/judges.ts';
import { numberedPictures } from '../../evaluate/numbered-folders.ts';
import { unrelatedPrompts } from '../../evaluate/unrelated-prompts.ts';
import type { NamedSpec } from '../spec/read-spec.ts';
import type { NumberedTemplate } from '../spec/selection.ts';
import {
  completeDrawing,
  completeTraining,
  decidingDrawing,
  decidingTraining,
} from '../spec/variant-settings.ts';
import type { Variant } from '../spec/variants.ts';
import type { ScoringTask, Task, TaskSubject } from '../work/worker-protocol.ts';
import { keyOf } from './key.ts';

/** A variant on a subject with a seed. */
export interface PlannedCell {
  /** Of its result. */
  readonly key: string;
  readonly variant: number;
  readonly subject: string;
  readonly seed: number;
  /** Seeds of the pictures of each prompt. */
  readonly drawSeeds: readonly number[];
}

export interface PlannedSubject {
  readonly subject: BenchmarkSubject;
  readonly templates: readonly NumberedTemplate[];
}

export interface DescribedSubject extends PlannedSubject {
  readonly task: TaskSubject;
}

interface Wanted {
  readonly index: number;
  readonly variant: Variant;
  readonly subject: DescribedSubject;
  readonly seed: number;
}

export interface CellContext {
  readonly named: NamedSpec;
  readonly base: BaseModel;
  readonly baseKey: string;
  readonly hasPocketWorld: boolean;
}

/** A cell and the task that fills it. */
export async function planCell(
  { index, variant, subject: { subject, templates, task: of }, seed }: Wanted,
  { named: { spec }, base, baseKey, hasPocketWorld }: CellContext,
): Promise<{ readonly cell: PlannedCell; readonly task: Task }> {
  const { adapted, pictures } = variant;
  const shots = shotsOf(variant, subject);
  const isTrained = adapted && pictures === undefined;
  const { settings } = completeTraining(variant, base.recommendation, seed);
  const withShots = shots === undefined ? {} : { shots };
  const training = { settings, ...withShots };
  const deciding = { ...withShots, settings: decidingTraining(settings) };
  const trainingKey = keyOf({ baseKey, training: deciding, subject: identityOf(of) });
  const drawing = completeDrawing(variant, base.recommendation);
  const drawSeeds = seedsFrom(drawing.seed + seed * drawing.count, drawing.count);
  const prompts = templates.map(({ template }) => promptOf(template, subject, adapted));
  const unrelated =
    isTrained && spec.drift ? unrelatedPrompts([subject.className], hasPocketWorld) : [];
  const encoders = { ...usualJudges(hasPocketWorld), ...judgesOf(spec) };
  const decided = { prompts, unrelated, seeds: drawSeeds };
  const draw = { ...decided, settings: decidingDrawing(drawing.settings) };
  const made = pictures === undefined ? undefined : await picturesKey(pictures, subject, prompts);
  const source = made ?? (isTrained ? trainingKey : baseKey);
  const asked = made === undefined ? draw : { prompts };
  const key = keyOf({ source, subject: identityOf(of), asked, encoders });
  const scoring: ScoringTask = {
    ...{ key, ...decided, settings: drawing.settings },
    ...(pictures === undefined ? {} : { pictures }),
  };
  return {
    cell: { key, variant: index, subject: subject.name, seed, drawSeeds },
    task: {
      ...{
        key,
        title: `${variant.name}, ${subject.name}, seed ${seed}`,
        base: variant.base ?? spec.base,
        subject: of,
      },
      ...(isTrained ? { training: { key: trainingKey, ...training } } : {}),
      scorings: [scoring],
      ...judgesOf(spec),
    },
  };
}

/** Undefined where all pictures are trained on, whether that was said or not. */
function shotsOf({ name, shots }: Variant, subject: BenchmarkSubject): number | undefined {
  const { length } = subject.images;
  if (shots === undefined || shots < length) return shots;
  if (shots === length) return undefined;
  throw new ConfigError(
    'SWEEP_SHOTS',
    `"${name}": ${shots} training pictures are wanted, ${subject.name} has ${length}; give at most as many`,
  );
}

/** What of a subject decides results: a benchmark may call it as it likes. */
function identityOf({ fingerprint, phrase, className }: TaskSubject) {
  return { fingerprint, phrase, className };
}

/** The base model knows no rare word: it is asked for the class. */
function promptOf(template: string, subject: BenchmarkSubject, adapted: boolean): EvaluationPrompt {
  const filled = fillTemplate(template, subject);
  return adapted ? filled : { typed: filled.plain, plain: filled.plain };
}

function judgesOf({ clip, dino }: NamedSpec['spec']) {
  return { ...(clip === undefined ? {} : { clip }), ...(dino === undefined ? {} : { dino }) };
}

/** Of the pictures that another tool made of a subject. */
async function picturesKey(
  folder: string,
  { name }: BenchmarkSubject,
  prompts: readonly EvaluationPrompt[],
): Promise<string> {
  const files = await numberedPictures(
    pathInside(folder, name, 'subject'),
    prompts.map(({ typed }) => typed),
  );
  return keyOf(await Promise.all(files.flat().map(fileFingerprint)));
}

/** One task for all that is drawn with the same training; equal scorings once. */
export function joinTrainings(tasks: readonly Task[]): readonly Task[] {
  const byTraining = new Map<string, Task>();
  for (const task of tasks) {
    const name = task.training?.key ?? task.key;
    const known = byTraining.get(name);
    const keys = known?.scorings.map(({ key }) => key) ?? [];
    const more = task.scorings.filter(({ key }) => !keys.includes(key));
    byTraining.set(
      name,
      known === undefined ? task : { ...known, scorings: [...known.scorings, ...more] },
    );
  }
  return [...byTraining.values()];
}

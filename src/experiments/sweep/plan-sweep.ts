/** @file A sweep worked out before anything runs: every cell with the key of its result, and the tasks that fill them. */
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../../base/errors.ts';
import { type EvaluationPrompt, fillTemplate } from '../../metrics/prompts.ts';
import { familyFolder, isFamilyName } from '../../models/families.ts';
import type { BaseModel } from '../../pipeline/base-model.ts';
import { openBaseModel } from '../../pipeline/base-model.ts';
import { outlineModel } from '../../pipeline/model-outline.ts';
import { weightsFingerprint } from '../../pipeline/weights-fingerprint.ts';
import { fileFingerprint } from '../../storage/fingerprint.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import { pathInside } from '../../storage/path-inside.ts';
import { planTraining } from '../../train/plan.ts';
import type { Benchmark, BenchmarkSubject } from '../benchmark/benchmark.ts';
import { isBenchmarkName, openBenchmark } from '../benchmark/open-benchmark.ts';
import { pictureFiles } from '../benchmark/picture-files.ts';
import { usualJudges } from '../judges.ts';
import { numberedFolders } from '../numbered-folders.ts';
import { unrelatedPrompts } from '../unrelated-prompts.ts';
import { keyOf } from './key.ts';
import { mostCells } from './limits.ts';
import type { NamedSpec } from './read-spec.ts';
import { choosePrompts, chooseSubjects, type NumberedTemplate } from './selection.ts';
import {
  completeDrawing,
  completeTraining,
  decidingDrawing,
  decidingTraining,
} from './settings.ts';
import { picturesFingerprint } from './subject-pictures.ts';
import type { ScoringTask, Task, TaskSubject } from './task.ts';
import { expandVariants, type Variant } from './variants.ts';

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

export interface PlannedVariant extends Variant {
  /** Undefined for pictures of other tools. */
  readonly parameters: number | undefined;
}

export interface PlannedSubject {
  readonly subject: BenchmarkSubject;
  readonly templates: readonly NumberedTemplate[];
}

export interface SweepPlan extends NamedSpec {
  readonly subjects: readonly PlannedSubject[];
  readonly variants: readonly PlannedVariant[];
  /** In the order of variants, subjects, seeds. */
  readonly cells: readonly PlannedCell[];
  readonly tasks: readonly Task[];
}

export interface PlanOptions {
  /** The user's copy of the benchmark's pictures. */
  readonly pictures?: string | undefined;
  readonly hub: HubHost;
}

/**
 * Works out a sweep.
 *
 * @throws KronaError naming what is wrong with any variant, subject or prompt, before anything is trained
 */
export async function planSweep(named: NamedSpec, options: PlanOptions): Promise<SweepPlan> {
  const { spec, path } = named;
  const countsOnly = spec.metrics.every((metric) => metric === 'parameters');
  const base = await openBase(spec.base, { countsOnly, hub: options.hub });
  const benchmark = countsOnly ? nothingDrawn : await openSubjects(named, options);
  const variants = expandVariants(spec, path).map((variant) => ({
    ...variant,
    pictures: variant.pictures && resolve(dirname(path), variant.pictures),
    parameters: parametersOf(variant, base),
  }));
  const subjects = benchmark.subjects.map((subject) => ({
    subject,
    templates: choosePrompts(benchmark.prompts[subject.type], spec.prompts, path),
  }));
  requireFewCells({ variants, subjects }, named);
  const context = {
    named,
    base,
    baseKey: countsOnly ? '' : await keyOfBase(base),
    hasPocketWorld: spec.base === 'pocket',
  };
  const planned: { readonly cell: PlannedCell; readonly task: Task }[] = [];
  const described = await Promise.all(
    subjects.map(async (each) => ({
      ...each,
      ...(await describe(each.subject, benchmarkOf(named))),
    })),
  );
  for (const [index, variant] of variants.entries()) {
    for (const subject of described) {
      for (const seed of spec.seeds) {
        planned.push(await planCell({ index, variant, subject, seed }, context));
      }
    }
  }
  return {
    ...{ ...named, subjects, variants },
    cells: planned.map(({ cell }) => cell),
    tasks: joinTrainings(planned.map(({ task }) => task)),
  };
}

/** @throws ConfigError SWEEP_TOO_LARGE */
function requireFewCells(
  { variants, subjects }: Pick<SweepPlan, 'variants' | 'subjects'>,
  { spec, path }: NamedSpec,
): void {
  const counts = [variants.length, subjects.length, spec.seeds.length];
  const cells = counts.reduce((all, each) => all * each, 1);
  if (cells <= mostCells) return;
  const [ofVariants, ofSubjects, ofSeeds] = counts;
  throw new ConfigError(
    'SWEEP_TOO_LARGE',
    `${path}: ${ofVariants} variants on ${ofSubjects} subjects with ${ofSeeds} seeds make ${cells} results; a sweep has at most ${mostCells}: split it`,
  );
}

/** Where parameters are counted and nothing else, there are no subjects, and the weights need not be there. */
const nothingDrawn: Benchmark = { name: 'none', subjects: [], prompts: { object: [], live: [] } };

async function openBase(
  name: string,
  { countsOnly, hub }: { readonly countsOnly: boolean; readonly hub: HubHost },
): Promise<BaseModel> {
  if (countsOnly && isFamilyName(name)) return await outlineModel(name, familyFolder(name));
  return await openBaseModel(name, hub);
}

/** A file's path from the sweep's own. */
function benchmarkOf({ spec, path }: Pick<NamedSpec, 'spec' | 'path'>): string {
  const { benchmark } = spec;
  return isBenchmarkName(benchmark) ? benchmark : resolve(dirname(path), benchmark);
}

async function openSubjects(
  { spec, path }: NamedSpec,
  { pictures }: PlanOptions,
): Promise<Benchmark> {
  const hasOwnPrompts = Array.isArray(spec.prompts) && typeof spec.prompts[0] === 'string';
  const benchmark = await openBenchmark(benchmarkOf({ spec, path }), {
    pictures,
    ...(Array.isArray(spec.subjects) ? { subjects: spec.subjects } : {}),
    ...(hasOwnPrompts ? { prompts: false } : {}),
  });
  return { ...benchmark, subjects: chooseSubjects(benchmark.subjects, spec.subjects, path) };
}

function parametersOf(variant: Variant, base: BaseModel): number | undefined {
  if (variant.pictures !== undefined) return undefined;
  if (!variant.adapted) return 0;
  const { config } = completeTraining(variant, base.recommendation, 0);
  try {
    return planTraining({ ...config, base: base.name }, base).parameterCount;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new ConfigError('SWEEP_VARIANT', `"${variant.name}": ${cause.message}`, { cause });
  }
}

/** Of everything of a base that decides what it draws. */
async function keyOfBase({ unet, vae, textEncoders, scheduler }: BaseModel): Promise<string> {
  const parts = [unet, vae, ...textEncoders].map(({ weights }) => weightsFingerprint(weights));
  return keyOf([await Promise.all(parts), scheduler]);
}

interface DescribedSubject extends PlannedSubject {
  readonly task: TaskSubject;
}

async function describe(
  subject: BenchmarkSubject,
  benchmark: string,
): Promise<{ readonly task: TaskSubject }> {
  const { name, className, type, phrase } = subject;
  const fingerprint = await picturesFingerprint(subject);
  return { task: { benchmark, name, className, type, phrase, fingerprint } };
}

interface Wanted {
  readonly index: number;
  readonly variant: Variant;
  readonly subject: DescribedSubject;
  readonly seed: number;
}

interface Context {
  readonly named: NamedSpec;
  readonly base: BaseModel;
  readonly baseKey: string;
  readonly hasPocketWorld: boolean;
}

async function planCell(
  { index, variant, subject: { subject, templates, task: of }, seed }: Wanted,
  { named: { spec }, base, baseKey, hasPocketWorld }: Context,
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
  const drawSeeds = Array.from(
    { length: drawing.count },
    (_, i) => drawing.seed + seed * drawing.count + i,
  );
  const prompts = templates.map(({ template }) => promptOf(template, subject, adapted));
  const unrelated =
    isTrained && spec.drift ? unrelatedPrompts(subject.className, hasPocketWorld) : [];
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
        base: spec.base,
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
  const folders = await numberedFolders(
    pathInside(folder, name, 'subject'),
    prompts.map(({ typed }) => typed),
  );
  const files = (await Promise.all(folders.map((folder) => pictureFiles(folder)))).flat();
  return keyOf(await Promise.all(files.map(fileFingerprint)));
}

/** One task for all that is drawn with the same training; equal scorings once. */
function joinTrainings(tasks: readonly Task[]): readonly Task[] {
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

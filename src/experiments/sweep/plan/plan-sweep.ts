/** @file A sweep worked out before anything runs: every cell with the key of its result, and the tasks that fill them. */
import { ConfigError, invariant } from '../../../base/errors.ts';
import { required } from '../../../base/required.ts';
import { isFamilyName } from '../../../models/families.ts';
import type { BaseModel } from '../../../pipeline/base/base-model.ts';
import { openOutline } from '../../../pipeline/base/base-outline.ts';
import { outlineModel } from '../../../pipeline/base/model-outline.ts';
import { openBaseModel } from '../../../pipeline/base/open-base.ts';
import { weightsFingerprint } from '../../../pipeline/base/weights-fingerprint.ts';
import { dirname, resolve } from '../../../platform/paths.ts';
import type { HubHost } from '../../../storage/hub/hub-events.ts';
import { planTraining } from '../../../train/training-plan.ts';
import type { Benchmark, BenchmarkSubject } from '../../benchmark/benchmark.ts';
import {
  isBenchmarkName,
  openBenchmark,
  outlineBenchmark,
} from '../../benchmark/open-benchmark.ts';
import { mostCells } from '../spec/limits.ts';
import type { NamedSpec } from '../spec/read-spec.ts';
import { requireDistinctResults } from '../spec/require-distinct.ts';
import { choosePrompts, chooseSubjects } from '../spec/selection.ts';
import { picturesFingerprint } from '../spec/subject-pictures.ts';
import { completeTraining } from '../spec/variant-settings.ts';
import { expandVariants, type Variant } from '../spec/variants.ts';
import type { Task } from '../work/worker-protocol.ts';
import { keyOf } from './key.ts';
import { joinTrainings, type PlannedCell, type PlannedSubject, planCell } from './plan-cell.ts';

export interface PlannedVariant extends Variant {
  /** Undefined for pictures of other tools. */
  readonly parameters: number | undefined;
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
 * @throws KronaError naming what is wrong with any variant, subject or prompt, or there twice, before anything is trained
 */
export async function planSweep(named: NamedSpec, options: PlanOptions): Promise<SweepPlan> {
  const isCounted = countsOnly(named);
  const open = async (name: string) =>
    isCounted && isFamilyName(name)
      ? await outlineModel(name, name)
      : await openBaseModel(name, options.hub);
  const bases = await basesOf(named, async (name) => {
    const base = await open(name);
    return { base, key: isCounted ? '' : await keyOfBase(base) };
  });
  return await workOut(named, {
    bases,
    benchmark: isCounted ? nothingDrawn : await openSubjects(named, options, openBenchmark),
    fingerprint: picturesFingerprint,
  });
}

/** A sweep as its configurations describe it, and its base without weights. */
export interface SweepOutline {
  readonly plan: SweepPlan;
  readonly base: BaseModel;
  /** By name, where cases have others. */
  readonly bases: ReadonlyMap<string, BaseModel>;
}

/**
 * Works out what a sweep would do without weights, pictures or, for published models, the network. Its keys tell what is
 * alike within the plan; they are not those of results.
 *
 * @throws KronaError as planSweep, of what configurations tell
 */
export async function outlineSweep(named: NamedSpec, options: PlanOptions): Promise<SweepOutline> {
  const bases = await basesOf(named, async (name) => ({
    base: await openOutline(name, options.hub),
    key: '',
  }));
  const benchmark = countsOnly(named)
    ? nothingDrawn
    : await openSubjects(named, options, outlineBenchmark);
  const fingerprint = async ({ name }: BenchmarkSubject) => name;
  const { base } = baseFor(named, bases, undefined);
  return {
    base,
    bases: new Map([...bases].map(([name, each]) => [name, each.base])),
    plan: await workOut(named, { bases, benchmark, fingerprint }),
  };
}

/** A base, and the hash of all of it that decides what it draws. */
interface PlannedBase {
  readonly base: BaseModel;
  readonly key: string;
}

type PlannedBases = ReadonlyMap<string, PlannedBase>;

/** The base of a sweep, and those that its cases have. */
async function basesOf(
  { spec }: NamedSpec,
  open: (name: string) => Promise<PlannedBase>,
): Promise<PlannedBases> {
  const names = [spec.base, ...(spec.cases ?? []).flatMap(({ base }) => base ?? [])];
  const opened = new Map<string, PlannedBase>();
  for (const name of new Set(names)) opened.set(name, await open(name));
  return opened;
}

function baseFor({ spec }: NamedSpec, bases: PlannedBases, name = spec.base): PlannedBase {
  const found = bases.get(name);
  invariant(found !== undefined, 'every base of a sweep is opened');
  return found;
}

interface SweepParts {
  readonly bases: PlannedBases;
  readonly benchmark: Benchmark;
  /** Of a subject's pictures. */
  readonly fingerprint: (subject: BenchmarkSubject) => Promise<string>;
}

async function workOut(
  named: NamedSpec,
  { bases, benchmark, fingerprint }: SweepParts,
): Promise<SweepPlan> {
  const { spec, path } = named;
  const variants = expandVariants(spec, path).map((variant) => ({
    ...variant,
    pictures: variant.pictures && resolve(dirname(path), variant.pictures),
    parameters: parametersOf(variant, baseFor(named, bases, variant.base).base),
  }));
  const subjects = benchmark.subjects.map((subject) => ({
    subject,
    templates: choosePrompts(benchmark.prompts[subject.type], spec.prompts, path),
  }));
  requireFewCells({ variants, subjects }, named);
  const planned: { readonly cell: PlannedCell; readonly task: Task }[] = [];
  const described = await Promise.all(
    subjects.map(async (each) => {
      const { name, className, type, phrase } = each.subject;
      const own = { name, className, type, phrase, fingerprint: await fingerprint(each.subject) };
      return { ...each, task: { benchmark: benchmarkOf(named), ...own } };
    }),
  );
  for (const [index, variant] of variants.entries()) {
    const { base, key: baseKey } = baseFor(named, bases, variant.base);
    const context = { named, base, baseKey, hasPocketWorld: spec.base === 'pocket' };
    for (const subject of described) {
      for (const seed of spec.seeds) {
        planned.push(await planCell({ index, variant, subject, seed }, context));
      }
    }
  }
  const cells = planned.map(({ cell }) => cell);
  requireDistinctResults(
    cells.map(({ key, variant, subject }) => ({
      ...{ key, subject, variant: required(variants, variant).name },
    })),
    path,
  );
  return {
    ...{ ...named, subjects, variants, cells },
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

function countsOnly({ spec }: NamedSpec): boolean {
  return spec.metrics.every((metric) => metric === 'parameters');
}

/** A file's path from the sweep's own. */
function benchmarkOf({ spec, path }: Pick<NamedSpec, 'spec' | 'path'>): string {
  const { benchmark } = spec;
  return isBenchmarkName(benchmark) ? benchmark : resolve(dirname(path), benchmark);
}

async function openSubjects(
  { spec, path }: NamedSpec,
  { pictures }: PlanOptions,
  open: typeof openBenchmark,
): Promise<Benchmark> {
  const hasOwnPrompts =
    Array.isArray(spec.prompts) && spec.prompts.every((each) => typeof each === 'string');
  const benchmark = await open(benchmarkOf({ spec, path }), {
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
async function keyOfBase(base: BaseModel): Promise<string> {
  const { unet, vae, textEncoders, subjectEncoder, scheduler } = base;
  const seeing = subjectEncoder === undefined ? [] : [subjectEncoder];
  const parts = [unet, vae, ...textEncoders, ...seeing].map(({ weights }) =>
    weightsFingerprint(weights),
  );
  return keyOf([await Promise.all(parts), scheduler]);
}

/** @file What a sweep compares: its cases, and of each every combination of what varies. */
import { ConfigError } from '../../../base/errors.ts';
import { didYouMean } from '../../../base/nearest.ts';
import { formatCount } from '../../../base/quantities.ts';
import { lastOf } from '../../../base/required.ts';
import { mostVariants } from './limits.ts';
import type { Grid, Scalar, SweepCase, SweepSpec } from './spec.ts';
import {
  combinations,
  joinedTraining,
  requireKnown,
  type StatedSettings,
  withSetting,
} from './variant-settings.ts';

/** One of the things that are compared. */
export interface Variant extends StatedSettings {
  /** Unique: "KronA, a1 4, a2 64". */
  readonly name: string;
  readonly case: string;
  /** What varies, by path. */
  readonly factors: Readonly<Record<string, Scalar>>;
  /** Where it is not the sweep's. */
  readonly base: string | undefined;
  /** False: the base model as it is. */
  readonly adapted: boolean;
  /** Pictures of another tool, instead of a training. */
  readonly pictures: string | undefined;
}

/**
 * All variants in the order of the file.
 *
 * @throws ConfigError SWEEP_TOO_LARGE, SWEEP_SETTING, SWEEP_PATH, or SWEEP_NAMES where two are called the same
 */
export function expandVariants(spec: SweepSpec, where: string): readonly Variant[] {
  requireKnown(where, spec);
  const cases: readonly SweepCase[] = spec.cases ?? [{ name: nameOfMethod(spec) }];
  requireFew(cases, spec, where);
  const variants = cases.flatMap((each) => variantsOf(each, spec, where));
  const names = new Set<string>();
  const twice = variants.find(({ name }) => names.size === names.add(name).size)?.name;
  if (twice === undefined) return variants;
  throw new ConfigError(
    'SWEEP_NAMES',
    `${where}: two variants are called "${twice}"; give each case a name of its own, and each value once`,
  );
}

/** Counts the combinations before any is made: eight lists of forty would be six million million. */
function requireFew(cases: readonly SweepCase[], spec: SweepSpec, where: string): void {
  const lengths = cases.map((each) => gridOf(each, spec).map(([, values]) => values.length));
  const count = lengths.reduce((sum, own) => sum + own.reduce((all, each) => all * each, 1), 0);
  if (count <= mostVariants) return;
  const largest = lengths.find((own) => own.reduce((all, each) => all * each, 1) > 1) ?? [];
  throw new ConfigError(
    'SWEEP_TOO_LARGE',
    `${where}: vary makes ${formatCount(count)} variants (${largest.join(' x ')}${cases.length > 1 ? `, over ${cases.length} cases` : ''}); a sweep has at most ${formatCount(mostVariants)}: vary fewer settings together, or give them fewer values`,
  );
}

/** What varies in a case, by path. */
function gridOf(
  { vary, adapted, pictures }: SweepCase,
  spec: SweepSpec,
): (readonly [string, Grid[string]])[] {
  return Object.entries({ ...spec.vary, ...vary }).filter(
    ([path]) => pictures === undefined && (adapted !== false || path.startsWith('draw.')),
  );
}

function nameOfMethod({ train: { adapter = 'krona' } }: SweepSpec): string {
  return adapter === 'krona' ? 'KronA' : String(adapter);
}

function variantsOf(each: SweepCase, spec: SweepSpec, where: string): readonly Variant[] {
  const { name, base, adapted = true, pictures } = each;
  requireKnown(`${where}: case "${name}"`, each);
  requireAlikeMeasured(each, spec, where);
  const shared: StatedSettings = {
    train: joinedTraining(spec.train, each.train),
    draw: { ...spec.draw, ...each.draw },
    shots: each.shots ?? spec.shots,
  };
  return combinations(Object.fromEntries(gridOf(each, spec))).map((factors) => {
    let settings = shared;
    for (const [path, value] of Object.entries(factors)) {
      settings = withSetting(settings, path, value);
    }
    const full = [name, ...Object.entries(factors).map(([path, value]) => factorText(path, value))];
    return { ...settings, name: full.join(', '), case: name, factors, base, adapted, pictures };
  });
}

/** Numbers of one sweep come from the same encoders, and the bundled model has its own. */
function requireAlikeMeasured({ name, base }: SweepCase, spec: SweepSpec, where: string): void {
  if (base === undefined || (base === 'pocket') === (spec.base === 'pocket')) return;
  throw new ConfigError(
    'SWEEP_SETTING',
    `${where}: case "${name}" has base "${base}", the sweep "${spec.base}"; the bundled model draws a world of its own, measured by encoders of its own: give one of them a sweep for itself`,
  );
}

/** "a1 4" */
export function factorText(path: string, value: Scalar): string {
  return `${factorName(path)} ${Array.isArray(value) ? value.join(' and ') : value}`;
}

/** `adapter.a1` as people read it: "a1"; `train.learningRate`: "learning rate". */
export function factorName(path: string): string {
  if (path === 'draw.steps') return 'sampling steps';
  if (path === 'shots') return 'training pictures';
  const name = lastOf(path.split('.'));
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/**
 * The variants that a name stands for: one by its whole name, or all of a case.
 *
 * @throws ConfigError SWEEP_NAME
 */
export function variantsNamed<Named extends { readonly name: string; readonly case: string }>(
  variants: readonly Named[],
  name: string,
  where: string,
): readonly Named[] {
  const found = variants.filter((each) => each.name === name || each.case === name);
  if (found.length > 0) return found;
  const known = variants.flatMap((each) => [each.name, each.case]);
  throw new ConfigError(
    'SWEEP_NAME',
    `${where}: nothing is called "${name}"${didYouMean(name, known)} (there are ${[...new Set(variants.map((each) => each.name))].join('; ')})`,
  );
}

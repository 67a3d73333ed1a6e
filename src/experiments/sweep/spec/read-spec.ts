/** @file Reads a sweep file: YAML or JSON, on top of another one that it extends, whose train and draw it adds to. */
import { ConfigError } from '../../../base/errors.ts';
import { didYouMean } from '../../../base/nearest.ts';
import { parseSettings } from '../../../base/settings/parse-settings.ts';
import { basename, dirname, resolve } from '../../../platform/paths.ts';
import { readSettingsFile } from '../../../storage/settings-file.ts';
import { requireDistinct } from './require-distinct.ts';
import { type Claim, type Figure, type SweepSpec, sweepSchema } from './spec.ts';
import { joinedTraining } from './variant-settings.ts';
import { expandVariants, type Variant, variantsNamed } from './variants.ts';

/** A sweep and what it is called: its file's name without its ending. */
export interface NamedSpec {
  readonly name: string;
  readonly path: string;
  readonly spec: SweepSpec;
}

/**
 * Reads and checks a sweep file.
 *
 * @throws ConfigError SWEEP_FILE naming what is unknown or wrong, SWEEP_TWICE, and what variants refuse
 */
export async function readSpec(path: string): Promise<NamedSpec> {
  const content = await readExtended(path);
  const spec = parseSettings(sweepSchema, { given: content }, 'a sweep', (problem) =>
    refuse(path, problem),
  );
  requireDistinct(spec, path);
  requireNames(spec, path);
  return { name: basename(path).replace(/\.(ya?ml|json)$/i, ''), path, spec };
}

/** What a file says on top of those that it extends, unchecked. */
export async function readExtended(
  path: string,
  trail: readonly string[] = [],
): Promise<Readonly<Record<string, unknown>>> {
  if (trail.includes(path)) throw refuse(path, `extends itself: ${[...trail, path].join(' → ')}`);
  const { extends: parent, ...own } = await readSettingsFile(
    path,
    (problem) => new ConfigError('SWEEP_FILE', problem),
  );
  if (parent === undefined) return own;
  const below = await readExtended(resolve(dirname(path), String(parent)), [...trail, path]);
  return {
    ...{ ...below, ...own },
    train: joinedTraining(Object(below.train), Object(own.train)),
    draw: { ...Object(below.draw), ...Object(own.draw) },
  };
}

/** Claims and figures name what there is. */
function requireNames(spec: SweepSpec, path: string): void {
  const variants = expandVariants(spec, path);
  for (const claim of spec.claims) requireSides(variants, claim, path);
  const varied = [...new Set(variants.flatMap(({ factors }) => Object.keys(factors)))];
  for (const figure of spec.show) {
    const used = settingsOf(figure);
    const unknown = used.find((each) => each !== undefined && !varied.includes(each));
    if (unknown !== undefined) {
      throw refuse(
        path,
        `show: "${unknown}" does not vary${didYouMean(unknown, varied)} (${varied.join(', ') || 'nothing does'})`,
      );
    }
    if (figure.kind !== 'pictures') continue;
    for (const name of figure.cases ?? []) variantsNamed(variants, name, `${path}: show`);
  }
}

/**
 * A claim is about single variants. Of the best, the other side is all that it is the best of; at equal values, both are
 * lines through several.
 */
function requireSides(variants: readonly Variant[], claim: Claim, path: string): void {
  const { says, case: one, than, is, at, across } = claim;
  const areLines = at !== undefined;
  const where = `${path}: claim "${says}"`;
  for (const [name, mayBeSeveral] of [
    [one, areLines || across !== undefined],
    [than, areLines || across !== undefined || is === 'best'],
  ] as const) {
    const found = variantsNamed(variants, name, where);
    if (found.length > 1 && !mayBeSeveral) {
      throw refuse(
        path,
        `claim "${says}": "${name}" is ${found.length} variants; name one: ${found.map((each) => each.name).join('; ')}`,
      );
    }
    if (found.length < 2 && areLines) {
      throw refuse(
        path,
        `claim "${says}": "${name}" is one variant, and at equal ${at} lines are compared; name a case that varies`,
      );
    }
  }
}

/** Paths of the varied settings that a figure is drawn over. */
function settingsOf(figure: Figure): readonly (string | undefined)[] {
  switch (figure.kind) {
    case 'curve':
      return [figure.x, figure.series];
    case 'heat map':
      return [figure.x, figure.y];
    case 'pictures':
      return [figure.across];
    case 'scatter':
      return [figure.along];
    case 'table':
      return [];
    default:
      return figure satisfies never;
  }
}

function refuse(path: string, problem: string): ConfigError {
  return new ConfigError('SWEEP_FILE', `${path}: ${problem}`);
}

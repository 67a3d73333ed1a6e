/** @file The base that an adapter of any tool fits: the one given, or the family that has its modules. */
import { KronaError } from '../base/errors.ts';
import { tolerances } from '../exchange/index.ts';
import { families, isFamilyName } from '../models/families.ts';
import type { OpenedAdapter, UnplacedAdapter } from '../pipeline/adapters/adapter-file.ts';
import { closestBase } from '../pipeline/adapters/closest-base.ts';
import { type KnownBase, openKnownBase } from '../pipeline/base/known-base.ts';

/** An adapter as it fits a base. */
export interface FittedAdapter {
  readonly base: KnownBase;
  readonly opened: OpenedAdapter;
  /** Why generating with it would be refused; undefined where it fits. */
  readonly problem: KronaError | undefined;
}

/** The small one first: it is tried in no time. */
const candidates = ['pocket', ...Object.keys(families)];

/**
 * Reads an adapter for the base that has most of its modules.
 *
 * @param given base to read it for, in place of those known
 * @returns the error of the likeliest base where none has any
 */
export async function fitAdapter(
  unplaced: UnplacedAdapter,
  given?: string,
): Promise<FittedAdapter | KronaError> {
  const partial: FittedAdapter[] = [];
  const errors: KronaError[] = [];
  for (const name of given === undefined ? candidates : [given]) {
    const base = await openKnownBase(name);
    const whole = attempted(() => unplaced.on(base.sites));
    if (!(whole instanceof KronaError)) {
      const closest = given === undefined ? await closestBase(base, wholly(unplaced)) : base;
      return { base: closest, opened: unplaced.on(closest.sites), problem: undefined };
    }
    const part = attempted(() => unplaced.on(base.sites, { tolerate: tolerances }));
    if (part instanceof KronaError) errors.push(part);
    else partial.push({ base, opened: part, problem: whole });
  }
  const [most] = partial.sort((a, b) => siteCount(b) - siteCount(a));
  // That of a base of its own kind says what is wrong with the file itself.
  const error = errors.find(({ code }) => code !== 'ADAPTER_BASE') ?? errors[0];
  if (most === undefined && error === undefined) throw new Error('internal: no base to try');
  return most ?? (error as KronaError);
}

/** `Stable Diffusion 1.5`, or the base as it was named. */
export function titleOfBase({ name, title }: KnownBase): string {
  return isFamilyName(name) ? families[name].title : title;
}

function wholly(unplaced: UnplacedAdapter): (base: KnownBase) => OpenedAdapter | undefined {
  return ({ sites }) => {
    const opened = attempted(() => unplaced.on(sites));
    return opened instanceof KronaError ? undefined : opened;
  };
}

function siteCount({ opened }: FittedAdapter): number {
  return opened.file.placed.reduce((sum, { sites }) => sum + sites.length, 0);
}

function attempted<T>(read: () => T): T | KronaError {
  try {
    return read();
  } catch (error) {
    if (error instanceof KronaError) return error;
    throw error;
  }
}

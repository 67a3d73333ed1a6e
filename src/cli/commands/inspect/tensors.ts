/** @file What the tensors of a file are, and whether their numbers are sound. */

import type { KronaError } from '../../../base/errors.ts';
import { firstNames, formatBytes, formatCount, formatPlural } from '../../../base/quantities.ts';
import { readPlace, type WeightPlace } from '../../../storage/weights/weight-place.ts';
import { toFloat32 } from '../../../tensor/half.ts';
import { elementCount, type Tensor } from '../../../tensor/tensor.ts';
import type { Finding } from './finding.ts';

/** Counts and health of all tensors of a file. */
export interface TensorSummary {
  readonly tensors: number;
  readonly parameters: number;
  readonly bytes: number;
  /** Number of tensors by dtype. */
  readonly dtypes: Readonly<Record<string, number>>;
  /** Names of tensors that hold NaN or infinity. */
  readonly notFinite: readonly string[];
  /** Names of tensors that hold nothing but zeros. */
  readonly allZero: readonly string[];
}

/** Reads every tensor, one after the other: a file may be larger than the memory. */
export async function summariseTensors(
  places: ReadonlyMap<string, WeightPlace>,
): Promise<TensorSummary> {
  const dtypes: Record<string, number> = {};
  const notFinite: string[] = [];
  const allZero: string[] = [];
  let parameters = 0;
  let bytes = 0;
  for (const [name, place] of places) {
    const { dtype, shape, byteLength } = place.entry;
    dtypes[dtype] = (dtypes[dtype] ?? 0) + 1;
    parameters += elementCount(shape);
    bytes += byteLength;
    const { isSound, isZero } = healthOf(await readPlace(place));
    if (!isSound) notFinite.push(name);
    if (isZero) allZero.push(name);
  }
  return { tensors: places.size, parameters, bytes, dtypes, notFinite, allZero };
}

function healthOf(tensor: Tensor): { readonly isSound: boolean; readonly isZero: boolean } {
  const { data } = toFloat32(tensor);
  return {
    isSound: data.every((value) => Number.isFinite(value)),
    isZero: data.length > 0 && data.every((value) => value === 0),
  };
}

/** The summary as facts for people. */
export function tensorFacts(summary: TensorSummary): readonly (readonly [string, string])[] {
  const { tensors, parameters, bytes, dtypes } = summary;
  const kinds = Object.entries(dtypes).map(([dtype, count]) => `${formatCount(count)} ${dtype}`);
  return [
    ['tensors', `${formatPlural(tensors, 'tensor')} (${kinds.join(', ') || 'none'})`],
    ['numbers', `${formatCount(parameters)}, ${formatBytes(bytes)}`],
    ['health', healthText(summary)],
  ];
}

function healthText({ notFinite, allZero }: TensorSummary): string {
  const zero = allZero.length === 0 ? '' : `; all zero: ${firstNames(allZero)}`;
  return notFinite.length === 0
    ? `no NaN, no infinity${zero}`
    : `NaN or infinity in ${formatPlural(notFinite.length, 'tensor')}${zero}`;
}

/** What is wrong with the numbers. */
export function tensorWarnings({ notFinite }: TensorSummary): readonly string[] {
  return notFinite.length === 0
    ? []
    : [
        `NaN or infinity in ${firstNames(notFinite)}: nothing computed with it is of use; take an earlier file`,
      ];
}

/** Tensors that nothing better is known of. */
export interface DescribedTensors {
  readonly places: ReadonlyMap<string, WeightPlace>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly summary: TensorSummary;
  /** What they look like. */
  readonly described: string;
}

/** What tensors look like, with examples, and why they are no more than that. */
export function describedTensors(
  { places, metadata, summary, described }: DescribedTensors,
  problem?: KronaError,
): Finding {
  return {
    kind: 'tensors',
    title: `a file of tensors: ${described}`,
    facts: [
      ...tensorFacts(summary),
      ...[...places].slice(0, 3).map(([name, { entry }]) => {
        return ['for example', `${name} ${entry.dtype} [${entry.shape.join(', ')}]`] as const;
      }),
      ...Object.entries(metadata).map(
        ([key, value]) => [`metadata ${key}`, shortened(value)] as const,
      ),
    ],
    details: { summary, metadata },
    warnings: [
      ...(problem === undefined ? [] : [`${problem.message} (--base reads it for another base)`]),
      ...tensorWarnings(summary),
    ],
  };
}

/** All tensors in memory. */
export async function readAll(
  places: ReadonlyMap<string, WeightPlace>,
): Promise<ReadonlyMap<string, Tensor>> {
  const tensors = new Map<string, Tensor>();
  for (const [name, place] of places) tensors.set(name, await readPlace(place));
  return tensors;
}

function shortened(text: string, limit = 100): string {
  return text.length > limit
    ? `${text.slice(0, limit)} ... (${formatPlural(text.length, 'character')})`
    : text;
}

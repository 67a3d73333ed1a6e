/** @file What the tensors of a file are, and whether their numbers are sound. */
import { firstNames } from '../base/quantities.ts';
import { readPlace, type WeightPlace } from '../storage/weights/weight-place.ts';
import { toFloat32 } from '../tensor/half.ts';
import { elementCount, type Tensor } from '../tensor/tensor.ts';

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
    // A number alone, such as alpha, is a setting.
    isZero: tensor.shape.length > 0 && data.length > 0 && data.every((value) => value === 0),
  };
}

/** What is wrong with the numbers. */
export function tensorWarnings({ notFinite }: TensorSummary): readonly string[] {
  return notFinite.length === 0
    ? []
    : [
        `NaN or infinity in ${firstNames(notFinite)}: nothing computed with it is of use; take an earlier file`,
      ];
}

/** A tensor, as a file's header has it. */
export interface TensorExample {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** Tensors that nothing better is known of. */
export interface TensorsInspection {
  /** An adapter or model that cannot be used says why in its warnings. */
  readonly kind: 'tensors' | 'unread adapter' | 'unusable model';
  readonly path: string;
  /** What they look like: `a LoRA file in kohya's naming`. */
  readonly described: string;
  /** The first few. */
  readonly examples: readonly TensorExample[];
  readonly summary: TensorSummary;
  readonly metadata: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** What is known of tensors. */
export interface KnownTensors {
  readonly path: string;
  readonly places: ReadonlyMap<string, WeightPlace>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly summary: TensorSummary;
}

/** What tensors look like, with examples, and why they are no more than that. */
export function describedTensors(
  { path, places, metadata, summary }: KnownTensors,
  what: Pick<TensorsInspection, 'kind' | 'described'>,
  problems: readonly string[] = [],
): TensorsInspection {
  const examples = [...places].slice(0, 3).map(
    ([
      name,
      {
        entry: { dtype, shape },
      },
    ]) => {
      return { name, dtype, shape };
    },
  );
  const warnings = [...problems, ...tensorWarnings(summary)];
  return { ...what, path, examples, summary, metadata, warnings };
}

/** All tensors in memory. */
export async function readAll(
  places: ReadonlyMap<string, WeightPlace>,
): Promise<ReadonlyMap<string, Tensor>> {
  const tensors = new Map<string, Tensor>();
  for (const [name, place] of places) tensors.set(name, await readPlace(place));
  return tensors;
}

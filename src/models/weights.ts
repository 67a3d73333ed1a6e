/** @file A model's claim against a file's content: every tensor by name and shape, none missing, none left over. */
import { ModelError } from '../base/errors.ts';
import { didYouMean, nearest } from '../base/nearest.ts';
import type { Value, WeightLocation } from '../graph/index.ts';
import type { StoredWeight } from '../nn/scope.ts';
import { dirname, relative, sep } from '../platform/paths.ts';
import type { WeightFiles } from '../storage/weights/weight-files.ts';
import type { WeightPlace } from '../storage/weights/weight-place.ts';
import { formatShape, sameShape } from '../tensor/tensor.ts';
import { firstFew } from '../tensor/tensor-problems.ts';

/** A model part's tensors under the names that model code uses. */
export interface ModelWeights {
  readonly what: string;
  /** Where they were looked for: a folder, or a file that holds several parts. */
  readonly folder: string;
  /** What the model's shape follows from, for messages. @default its config.json */
  readonly configuration?: string;
  readonly places: ReadonlyMap<string, WeightPlace>;
  readonly totalBytes: number;
}

/** Above this, weights are not held twice, be it as another type or as those of another model. */
const largeFromBytes = 512 * 2 ** 20;

/** Whether weights leave little room in memory for anything beside them. */
export function isLarge({ totalBytes }: ModelWeights): boolean {
  return totalBytes > largeFromBytes;
}

export interface WeightRules {
  /** Today's name of a stored tensor. */
  readonly rename?: (name: string) => string;
  /** Stored tensors that carry no weight, such as position buffers. */
  readonly ignore?: RegExp;
}

/** Weights of a part under current names, without buffers. */
export function namedWeights(
  what: string,
  files: WeightFiles,
  { rename = (name) => name, ignore }: WeightRules = {},
): ModelWeights {
  const kept = [...files.entries].filter(([name]) => ignore === undefined || !ignore.test(name));
  const places = new Map(kept.map(([name, place]) => [rename(name), place] as const));
  return { what, folder: files.folder, places, totalBytes: files.totalBytes };
}

/**
 * Compares what a traced model asked for with what its files hold.
 *
 * @throws ModelError WEIGHTS_MISMATCH listing the first of each kind, with the nearest name
 */
export function checkWeights(weights: ModelWeights, claimed: ReadonlyMap<string, Value>): void {
  const { what, places } = weights;
  const extra = [...places.keys()].filter((name) => !claimed.has(name));
  const missing = [...claimed.keys()].filter((name) => !places.has(name));
  const misshapen = [...claimed].filter(([name, value]) => {
    const place = places.get(name);
    return place !== undefined && !sameShape(place.entry.shape, value.shape);
  });
  const problems = [
    ...firstFew(missing, (name) => `"${name}" is missing${didYouMean(name, extra)}`),
    ...firstFew(misshapen, ([name, value]) => {
      const found = formatShape(places.get(name)?.entry.shape ?? []);
      return `"${name}" should be ${formatShape(value.shape)}, the file has ${found}`;
    }),
    ...firstFew(extra, (name) => {
      const near = nearest(name, missing);
      return `"${name}" is not part of this model${near === undefined ? '' : ` (it may be "${near}")`}`;
    }),
  ];
  if (problems.length === 0) return;
  throw new ModelError(
    'WEIGHTS_MISMATCH',
    `${what} in ${weights.folder} does not match ${weights.configuration ?? 'its config.json'}:\n  ${problems.join('\n  ')}\ncheck that both come from the same model`,
  );
}

/** The type a weight is stored with, for Scope. */
export function storedType(weights: ModelWeights): (name: string) => StoredWeight | undefined {
  return (name) => {
    const place = weights.places.get(name);
    return (
      place && {
        dtype: place.entry.dtype,
        shape: place.entry.shape,
        axes: place.axes,
        scale: place.scale,
        eightBits: place.eightBits,
      }
    );
  };
}

/** The weights of several parts as one, each name after its part's: `unet.conv_in.weight`. */
export function joinedWeights(parts: Readonly<Record<string, ModelWeights>>): ModelWeights {
  const all = Object.entries(parts);
  return {
    what: all.map(([, { what }]) => what).join(' and '),
    folder: commonFolder(all.map(([, { folder }]) => folder)),
    places: new Map(
      all.flatMap(([part, { places }]) =>
        [...places].map(([name, place]) => [`${part}.${name}`, place] as const),
      ),
    ),
    totalBytes: all.reduce((sum, [, { totalBytes }]) => sum + totalBytes, 0),
  };
}

/** The smallest folder that all files lie in, themselves or in folders of it. */
export function weightsFolder(weights: ModelWeights): string {
  const folders = new Set([...weights.places.values()].map(({ file }) => dirname(file)));
  return folders.size === 0 ? weights.folder : commonFolder([...folders]);
}

function commonFolder(folders: readonly string[]): string {
  const [first = [], ...others] = folders.map((folder) => folder.split(sep));
  const differs = first.findIndex((name, depth) => others.some((other) => other[depth] !== name));
  return differs < 0 ? first.join(sep) : first.slice(0, differs).join(sep) || sep;
}

/** Where each weight lies, for the compiler; files are named from weightsFolder(). */
export function locateWeights(weights: ModelWeights): (name: string) => WeightLocation {
  const folder = weightsFolder(weights);
  return (name) => {
    const place = weights.places.get(name);
    if (place === undefined) throw new Error(`internal: ${weights.what} has no weight ${name}`);
    const { offset, byteLength } = place.entry;
    return { file: relative(folder, place.file).replaceAll(sep, '/'), offset, byteLength };
  };
}

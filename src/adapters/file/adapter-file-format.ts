/** @file The adapter file: safetensors that carry their own configuration, so that nothing else is needed beside them.
 *
 * Tensors are float32 under `<site>.<parameter>`; metadata are in file-metadata.ts. No time and no machine enter
 * the file: the same run writes the same bytes.
 */
import { AdapterError, FormatError, invariant, KronaError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { decodeSafetensors, encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import type { Site } from '../../nn/index.ts';
import type { Shape, Tensor } from '../../tensor/tensor.ts';
import { firstFew, tensorProblems } from '../../tensor/tensor-problems.ts';
import type { Adapter } from '../adapter.ts';
import { type AdapterTensors, type PlacedAdapter, parameterShapes } from '../placed.ts';
import { configureAdapter, methodNames } from '../registry.ts';
import {
  type AdapterBase,
  type AdapterMetadata,
  type AdapterTraining,
  decodeMetadata,
  encodeMetadata,
  isAdapterMetadata,
} from './file-metadata.ts';
import { requireFinite } from './finite.ts';
import { describeForeignFile } from './foreign-file.ts';

/** Everything an adapter file holds. */
export interface AdapterFile {
  readonly placed: readonly PlacedAdapter[];
  /** `site.parameter` → tensor. */
  readonly tensors: AdapterTensors;
  readonly base: AdapterBase;
  /** The patterns that the sites were chosen by. */
  readonly targets?: readonly string[];
  readonly training?: AdapterTraining;
}

/**
 * The bytes of an adapter file.
 *
 * @throws AdapterError ADAPTER_NOT_FINITE where a value is NaN or infinite
 */
export function encodeAdapterFile(file: AdapterFile): Uint8Array<ArrayBuffer> {
  const { placed, tensors, targets, base, training } = file;
  const expected = parameterShapes(placed);
  const problems = tensorProblems(tensors, expected);
  invariant(problems.length === 0, `an adapter does not fit its sites: ${problems.join('; ')}`);
  requireFinite(tensors, 'the adapter');
  const metadata = encodeMetadata({
    adapters: placed.map(({ adapter: { method, options }, sites }) => ({
      method,
      options,
      sites: sites.map(({ kernel, ...site }) => (kernel ? { ...site, kernel: [...kernel] } : site)),
    })),
    base,
    ...(targets === undefined ? {} : { targets }),
    ...(training === undefined ? {} : { training }),
  });
  return encodeSafetensors([...tensors], metadata);
}

/**
 * Reads an adapter file.
 *
 * @param where names the file in errors
 * @param sites all sites of the model that the adapter shall be attached to, to check that it fits
 * @throws FormatError NOT_AN_ADAPTER saying what the file is instead, ADAPTER_METADATA, or what safetensors ask for
 * @throws AdapterError ADAPTER_VERSION, UNKNOWN_ADAPTER, ADAPTER_TENSORS, ADAPTER_NOT_FINITE, or ADAPTER_BASE where it
 *   was trained on a model with other sites
 */
export function decodeAdapterFile(
  bytes: Uint8Array,
  where: string,
  sites?: readonly Site[],
): AdapterFile {
  const { metadata: strings, tensors: stored } = decodeSafetensors(bytes, where);
  if (!isAdapterMetadata(strings)) {
    throw new FormatError(
      'NOT_AN_ADAPTER',
      `${where}: expected an adapter file of krona, found ${describeForeignFile(stored)}`,
    );
  }
  const metadata = decodeMetadata(strings, where);
  const { adapters: methods, base, targets, training } = metadata;
  const placed = methods.map((each) => ({ adapter: adapterOf(each, where), sites: each.sites }));
  const expected = shapesAt(placed, where);
  const tensors = parameterTensors(stored, expected, where);
  requireFinite(tensors, where);
  if (sites !== undefined) requireFitting({ placed, base }, sites, where);
  return {
    placed,
    tensors,
    base,
    ...(targets === undefined ? {} : { targets }),
    ...(training === undefined ? {} : { training }),
  };
}

function adapterOf(
  { method, options }: AdapterMetadata['adapters'][number],
  where: string,
): Adapter {
  if (!methodNames.includes(method)) {
    throw new AdapterError(
      'UNKNOWN_ADAPTER',
      `${where}: made by the method "${method}", which this version does not know${didYouMean(method, methodNames)} (it knows ${methodNames.join(', ')}); update diffusekrona`,
    );
  }
  return withPlace(where, () => configureAdapter(method, options));
}

function shapesAt(placed: readonly PlacedAdapter[], where: string): ReadonlyMap<string, Shape> {
  const names = placed.flatMap(({ sites }) => sites.map((site) => site.name));
  if (new Set(names).size < names.length) {
    throw new FormatError('ADAPTER_METADATA', `${where}: krona.adapters names a site twice`);
  }
  return withPlace(where, () => parameterShapes(placed));
}

/** Options that are refused are a defect of the file here, not of what the user typed. */
function withPlace<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof KronaError)) throw cause;
    throw new FormatError('ADAPTER_METADATA', `${where}: krona.adapters: ${cause.message}`, {
      cause,
    });
  }
}

/** The tensors by parameter, in the order of the sites. */
function parameterTensors(
  stored: ReadonlyMap<string, Tensor>,
  expected: ReadonlyMap<string, Shape>,
  where: string,
): AdapterTensors {
  const problems = tensorProblems(stored, expected);
  if (problems.length > 0) {
    throw new AdapterError(
      'ADAPTER_TENSORS',
      `${where}: the tensors are not those that its own metadata state:\n  ${problems.join('\n  ')}\nthe file was changed or written by a faulty tool; write it again`,
    );
  }
  const tensors = new Map<string, Tensor<'f32'>>();
  for (const name of expected.keys()) {
    const value = stored.get(name);
    if (value !== undefined && isFloat32(value)) tensors.set(name, value);
  }
  return tensors;
}

function isFloat32(value: Tensor): value is Tensor<'f32'> {
  return value.dtype === 'f32';
}

/**
 * Refuses an adapter whose sites the model does not have, or has in other sizes.
 *
 * @throws AdapterError ADAPTER_BASE
 */
export function requireFitting(
  { placed, base }: Pick<AdapterFile, 'placed' | 'base'>,
  available: readonly Site[],
  where: string,
): void {
  const sites = placed.flatMap((each) => each.sites);
  const byName = new Map(available.map((site) => [site.name, site]));
  const absent = sites.filter((site) => !byName.has(site.name));
  const resized = sites.flatMap((site) => {
    const own = byName.get(site.name);
    if (own === undefined || (own.out === site.out && own.in === site.in)) return [];
    return `"${site.name}" is ${own.out} x ${own.in} in the model, ${site.out} x ${site.in} in the adapter`;
  });
  if (absent.length === 0 && resized.length === 0) return;
  const problems = [
    ...firstFew(
      absent,
      ({ name }) => `"${name}" is not in the model${didYouMean(name, byName.keys())}`,
    ),
    ...firstFew(resized, (problem) => problem),
  ];
  throw new AdapterError(
    'ADAPTER_BASE',
    `${where}: trained on "${base.name}" (${base.sites} sites), which is built differently from the model given (${available.length} sites):\n  ${problems.join('\n  ')}\nuse it with "${base.name}" or a model of the same kind`,
  );
}

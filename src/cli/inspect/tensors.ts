/** @file What the tensors of a safetensors file are, and whether their numbers are sound. */
import type { SafetensorsFile } from '../../storage/safetensors-file.ts';
import { toFloat32 } from '../../tensor/half.ts';
import { elementCount, type Tensor } from '../../tensor/tensor.ts';
import { formatBytes, formatCount, formatPlural } from '../quantities.ts';

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
export async function summariseTensors(file: SafetensorsFile): Promise<TensorSummary> {
  const dtypes: Record<string, number> = {};
  const notFinite: string[] = [];
  const allZero: string[] = [];
  let parameters = 0;
  let bytes = 0;
  for (const [name, { dtype, shape, byteLength }] of file.header.entries) {
    dtypes[dtype] = (dtypes[dtype] ?? 0) + 1;
    parameters += elementCount(shape);
    bytes += byteLength;
    const { isSound, isZero } = healthOf(await file.read(name));
    if (!isSound) notFinite.push(name);
    if (isZero) allZero.push(name);
  }
  return { tensors: file.header.entries.size, parameters, bytes, dtypes, notFinite, allZero };
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
  const zero = allZero.length === 0 ? '' : `; all zero: ${firstFew(allZero)}`;
  return notFinite.length === 0
    ? `no NaN, no infinity${zero}`
    : `NaN or infinity in ${formatPlural(notFinite.length, 'tensor')}${zero}`;
}

/** What is wrong with the numbers. */
export function tensorWarnings({ notFinite }: TensorSummary): readonly string[] {
  return notFinite.length === 0
    ? []
    : [
        `NaN or infinity in ${firstFew(notFinite)}: nothing computed with it is of use; take an earlier file`,
      ];
}

/** The first names of many. */
export function firstFew(names: readonly string[], limit = 3): string {
  const more = names.length > limit ? ` and ${formatCount(names.length - limit)} more` : '';
  return `${names.slice(0, limit).join(', ')}${more}`;
}

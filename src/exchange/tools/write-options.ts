/** @file What every format is written with. */
import type { AdapterFile } from '../../adapters/index.ts';
import { AdapterError } from '../../base/errors.ts';
import type { PredictionType } from '../../diffusion/scheduler-config.ts';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import type { Site } from '../../nn/index.ts';
import { fromFloat32, isEightBits, type StoredDType, toFloat32 } from '../../tensor/half.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { NameStyle } from '../names/module-names.ts';

export interface WriteOptions {
  /** Every site of the base, of all its parts. */
  readonly sites: readonly Site[];
  /** @default 'f32' */
  readonly dtype?: StoredDType;
  /** How kohya's names call the UNet's blocks. @default as most tools expect: sgm for SDXL, diffusers otherwise */
  readonly blocks?: 'diffusers' | 'sgm';
  /** What lists of adapters show. @default the trained subject */
  readonly title?: string;
  /** What the base predicts, for kohya's metadata. @default 'epsilon' */
  readonly prediction?: PredictionType;
  /** Today, as modelspec wants it: `2026-01-31`. @default left out */
  readonly date?: string;
  /** The header in place of the one made here, such as that of the file that was read. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Files of a format by name. */
export type WrittenFiles = ReadonlyMap<string, Uint8Array>;

export type FormatWriter = (file: AdapterFile, options: WriteOptions) => WrittenFiles;

/** One format. */
export interface AdapterFormat {
  readonly write: FormatWriter;
  /** How it names the modules of a base, which it knows by its sites; undefined of files that have none. */
  readonly style: (sites: readonly Site[]) => NameStyle | undefined;
}

/**
 * A safetensors file in the precision asked for.
 *
 * @throws AdapterError DTYPE_RANGE where a number is too large for it
 */
export function encoded(
  tensors: ReadonlyMap<string, Tensor<'f32'>>,
  metadata: Readonly<Record<string, string>>,
  dtype: StoredDType = 'f32',
): Uint8Array {
  const narrowed = [...tensors].map(([name, tensor]) => {
    // A single number such as alpha scales all others.
    const isScale = tensor.shape.length === 0 && isEightBits(dtype);
    const narrow = isScale ? tensor : fromFloat32(tensor, dtype);
    const isWhole = dtype === 'f32' || toFloat32(narrow).data.every(Number.isFinite);
    if (isWhole) return [name, narrow] as const;
    throw new AdapterError(
      'DTYPE_RANGE',
      `"${name}" holds numbers that ${dtype} cannot; write f32${dtype === 'f16' ? ' or bf16' : ''}`,
    );
  });
  return encodeSafetensors(narrowed, metadata);
}

/** An adapter that a format cannot hold without loss. */
export function unfit(format: string, site: Site, message: string): AdapterError {
  return new AdapterError('FORMAT_UNFIT', `${format} cannot hold ${site.name}: ${message}`);
}

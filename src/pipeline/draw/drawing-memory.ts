/** @file Whether pictures can be drawn in the memory that there is, before any of it is taken. */
import { sizeText } from '../../base/byte-size.ts';
import { ConfigError } from '../../base/errors.ts';
import { largestFitting } from '../../base/numbers/largest-fitting.ts';
import { lineThrough } from '../../base/numbers/line-through.ts';
import { machineMemory } from '../../platform/machine.ts';
import type { BaseModel } from '../base/base-model.ts';
import { decoderBytes, latentShape, type PictureSize } from './autoencoder.ts';
import { type DenoiserOptions, denoiserBytes } from './denoiser.ts';
import { sideMultiple } from './picture-size.ts';

/** Elements of latents up to which tracing a denoiser is quick, whether it fits or not. */
const quickElements = 2 ** 18;
/** The same of a decoder: a picture of 512 pixels of a usual model. */
const tracedElements = 2 ** 14;
/** Elements from which a single picture is not even traced: 8192 pixels. */
const mostElements = 2 ** 22;

/**
 * Refuses pictures whose drawing would need more memory than there is. Estimates are for the CPU: of other devices
 * nothing is known before.
 *
 * @param available bytes. @default those of this machine
 * @throws ConfigError MEMORY_TOO_SMALL naming the largest batch or size that fits
 */
export function requireDrawable(
  base: BaseModel,
  options: DenoiserOptions,
  available = machineMemory(),
): void {
  if ((base.device ?? 'cpu') !== 'cpu') return;
  const { batch, size } = options;
  const decoder = decoderEstimate(base, size);
  const bytesOf = (of: Pick<DenoiserOptions, 'batch' | 'size'>) => {
    if (elementsOf(base, of.size) > mostElements) return Number.POSITIVE_INFINITY;
    return Math.max(denoiserBytes(base, { ...options, ...of }), decoder(of.size));
  };
  const isQuick = batch * elementsOf(base, size) <= quickElements;
  if (isQuick && bytesOf({ batch, size }) <= available) return;
  const batchFits = largestFitting(batch, (count) => bytesOf({ batch: count, size }) <= available);
  if (batchFits === batch) return;
  const there = `this machine has ${sizeText(available)}`;
  if (batchFits > 0) {
    throw tooLarge(
      `batchSize: drawing ${batch} pictures of ${sizeOf(size)} at once needs more memory than there is (${there}); the largest batch that fits is ${batchFits}`,
    );
  }
  const sizes = smallerSizes(base, size);
  const fits = largestFitting(
    sizes.count,
    (n) => bytesOf({ batch: 1, size: sizes.at(n) }) <= available,
  );
  throw tooLarge(
    fits === 0
      ? `base: drawing a single picture with ${base.name} needs ${sizeText(bytesOf({ batch: 1, size: sizes.at(1) }))} of memory, ${there}; use a smaller model or another machine`
      : `width and height: drawing ${sizeOf(size)} pixels needs more memory than there is (${there}); the largest size of these proportions that fits is ${sizeOf(sizes.at(fits))}`,
  );
}

/**
 * What a decoder of pictures of about these proportions holds. Its graph grows with the picture, so that a large one is
 * not traced: all but a constant is proportional to the pixels, because attention is computed in chunks.
 */
function decoderEstimate(base: BaseModel, like: PictureSize): (size: PictureSize) => number {
  const sizes = smallerSizes(base, like);
  const share = Math.sqrt(tracedElements / elementsOf(base, like));
  const count = Math.max(2, Math.floor(sizes.count * share));
  let line: ((elements: number) => number) | undefined;
  const traced = (n: number) => {
    const size = sizes.at(n);
    return [elementsOf(base, size), decoderBytes(base, size)] as const;
  };
  return (size) => {
    const elements = elementsOf(base, size);
    if (elements <= tracedElements) return decoderBytes(base, size);
    line ??= lineThrough(traced(Math.ceil(count / 2)), traced(count));
    return line(elements);
  };
}

/** Elements of the latents of a picture. */
function elementsOf(base: BaseModel, size: PictureSize): number {
  return latentShape(base, size).reduce((product, side) => product * side, 1);
}

function sizeOf({ width, height }: PictureSize): string {
  return `${width} x ${height}`;
}

function tooLarge(message: string): ConfigError {
  return new ConfigError('MEMORY_TOO_SMALL', message);
}

/** Sizes of about the same proportions, counted by how many multiples the longer side has. */
function smallerSizes(base: BaseModel, { width, height }: PictureSize) {
  const multiple = sideMultiple(base);
  const longer = Math.max(width, height);
  const count = Math.floor(longer / multiple);
  const side = (pixels: number, n: number) =>
    Math.max(1, Math.round((n * pixels) / longer)) * multiple;
  return {
    count,
    at: (n: number): PictureSize => ({ width: side(width, n), height: side(height, n) }),
  };
}

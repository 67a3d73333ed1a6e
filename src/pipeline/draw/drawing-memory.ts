/** @file Whether pictures can be drawn with the memory and the graphics device that there are, before any of it is taken. */
import { sizeText } from '../../base/byte-size.ts';
import { ConfigError } from '../../base/errors.ts';
import { largestFitting } from '../../base/numbers/largest-fitting.ts';
import { lineThrough } from '../../base/numbers/line-through.ts';
import type { Program } from '../../graph/index.ts';
import { machineMemory } from '../../platform/machine.ts';
import type { DeviceLimits } from '../../runtime/index.ts';
import type { BaseModel } from '../base/base-model.ts';
import { isWithin, lackOf, requireWeightsWithin } from '../network/device-limits.ts';
import { promptPart } from '../text/text-encoder.ts';
import {
  decoderBytes,
  decoderProgram,
  decoderStartBytes,
  decoderStartProgram,
  decoderTilesBytes,
  latentShape,
  type PictureSize,
} from './autoencoder.ts';
import { type DenoiserOptions, denoiserBytes, denoiserProgram } from './denoiser.ts';
import { nativeSide, sideMultiple } from './picture-size.ts';
import type { DrawingTiles } from './text-to-image.ts';
import { tileSize } from './tiles/tiles.ts';

/** Elements of latents up to which tracing a denoiser is quick, whether it fits or not. */
const quickElements = 2 ** 18;
/** The same of a decoder: a picture of 512 pixels of a usual model. */
const tracedElements = 2 ** 14;
/** Elements from which a single picture is not even traced: 8192 pixels. */
const mostElements = 2 ** 22;

/** What drawings have to fit. */
interface Room {
  readonly code: 'MEMORY_TOO_SMALL' | 'DEVICE_LIMITS';
  /** What is said of a drawing that does not. */
  readonly lack: string;
  /** Of a model of which not even the smallest picture fits. */
  readonly refusal: (smallest: Drawing) => string;
  /** Whether it takes a moment to find out. */
  readonly isQuick: (drawing: Drawing) => boolean;
  fits(drawing: Drawing): boolean;
}

type Drawing = Pick<DenoiserOptions, 'batch' | 'size'>;

/**
 * Refuses pictures whose drawing would need more memory than there is, or values that are larger than the graphics device
 * takes. Of other devices' memory nothing is known before.
 *
 * @param available bytes. @default those of this machine
 * @throws ConfigError MEMORY_TOO_SMALL, DEVICE_LIMITS naming the largest batch or size that fits
 */
export function requireDrawable(
  base: BaseModel,
  options: DenoiserOptions,
  available = machineMemory(),
): void {
  const room = roomFor(base, options, available);
  if (room === undefined) return;
  const { batch, size } = options;
  if (room.isQuick(options) && room.fits({ batch, size })) return;
  const batchFits = largestFitting(batch, (count) => room.fits({ batch: count, size }));
  if (batchFits === batch) return;
  if (batchFits > 0) {
    throw new ConfigError(
      room.code,
      `batchSize: drawing ${batch} pictures of ${sizeOf(size)} at once ${room.lack}; the largest batch that fits is ${batchFits}`,
    );
  }
  const sizes = smallerSizes(base, size);
  const fits = largestFitting(sizes.count, (n) => room.fits({ batch: 1, size: sizes.at(n) }));
  throw new ConfigError(
    room.code,
    fits === 0
      ? `base: ${room.refusal({ batch: 1, size: sizes.at(1) })}`
      : `width and height: drawing ${sizeOf(size)} pixels ${room.lack}; the largest size of these proportions that fits is ${sizeOf(sizes.at(fits))}`,
  );
}

/**
 * Tiles of the model's own size for networks that are not drawn in one piece: none where that is known to fit, or nothing
 * is known of the device.
 *
 * @param available bytes. @default those of this machine
 * @throws ConfigError MEMORY_TOO_SMALL, DEVICE_LIMITS where not even a tile fits, or not what of a VAE is in one piece
 */
export function tilesThatFit(
  base: BaseModel,
  options: DenoiserOptions,
  available = machineMemory(),
): DrawingTiles {
  const { size, batch } = options;
  const { device = 'cpu', limits } = base;
  // What takes long to trace is not looked at; of a decoder, which decodes picture after picture, a small one tells.
  const isQuick = batch * elementsOf(base, size) <= quickElements;
  const isOnCpu = device === 'cpu';
  const takes = (program: () => Program): boolean =>
    isQuick && (limits === undefined || isWithin(program(), limits));
  const inOnePiece = {
    denoiser: isOnCpu
      ? isQuick && denoiserBytes(base, options) <= available
      : takes(() => denoiserProgram(base, options)),
    autoencoder: isOnCpu
      ? estimate(base, size, decoderBytes)(size) <= available
      : takes(() => decoderProgram(base, size)),
  };
  if (inOnePiece.denoiser && inOnePiece.autoencoder) return {};
  const tile = nativeSide(base);
  requireDrawable(base, { ...options, size: tileSize(base, { ...size, tile }) }, available);
  if (!inOnePiece.autoencoder) requireTilesFit(base, options, { tile, available });
  return {
    ...(inOnePiece.denoiser ? {} : { denoiser: tile }),
    ...(inOnePiece.autoencoder ? {} : { autoencoder: tile }),
  };
}

/** Of a VAE in tiles, attention sees all of the latents, and planes are whole between its stages. */
function requireTilesFit(
  base: BaseModel,
  options: DenoiserOptions,
  { tile, available }: { readonly tile: number; readonly available: number },
): void {
  const room = roomFor(base, options, available);
  if (room === undefined) return;
  const { size } = options;
  const { limits } = base;
  const start = estimate(base, size, decoderStartBytes);
  const fits = (of: PictureSize) => {
    if (elementsOf(base, of) > mostElements) return false;
    return room.code === 'DEVICE_LIMITS'
      ? limits === undefined || isWithin(decoderStartProgram(base, of), limits)
      : Math.max(start(of), decoderTilesBytes(base, { ...of, tile })) <= available;
  };
  if (fits(size)) return;
  const sizes = smallerSizes(base, size);
  const most = largestFitting(sizes.count, (n) => fits(sizes.at(n)));
  throw new ConfigError(
    room.code,
    `width and height: decoding ${sizeOf(size)} pixels in tiles ${room.lack}; the largest size of these proportions that fits is ${sizeOf(sizes.at(Math.max(1, most)))}`,
  );
}

/** Undefined where nothing is known of the device. */
function roomFor(base: BaseModel, options: DenoiserOptions, available: number): Room | undefined {
  const { device = 'cpu', limits } = base;
  if (device === 'cpu') return memoryRoom(base, options, available);
  return limits && deviceRoom(base, options, { limits, available });
}

function memoryRoom(base: BaseModel, options: DenoiserOptions, available: number): Room {
  const decoder = estimate(base, options.size, decoderBytes);
  const bytesOf = (of: Drawing) => {
    if (elementsOf(base, of.size) > mostElements) return Number.POSITIVE_INFINITY;
    return Math.max(denoiserBytes(base, { ...options, ...of }), decoder(of.size));
  };
  const there = `this machine has ${sizeText(available)}`;
  return {
    code: 'MEMORY_TOO_SMALL',
    lack: `needs more memory than there is (${there})`,
    refusal: (smallest) =>
      `drawing a single picture with ${base.name} needs ${sizeText(bytesOf(smallest))} of memory, ${there}; use a smaller model or another machine`,
    isQuick: ({ batch, size }) => batch * elementsOf(base, size) <= quickElements,
    fits: (drawing) => bytesOf(drawing) <= available,
  };
}

/** @throws ConfigError DEVICE_LIMITS where the device does not take the weights */
function deviceRoom(
  base: BaseModel,
  options: DenoiserOptions,
  { limits, available }: { readonly limits: DeviceLimits; readonly available: number },
): Room {
  const denoises = (of: Drawing) => denoiserProgram(base, { ...options, ...of });
  const smallest = smallerSizes(base, options.size).at(1);
  const parts = [
    promptPart(base),
    { weights: base.unet.weights, program: denoises({ batch: 1, size: smallest }) },
    { weights: base.vae.weights, program: decoderProgram(base, smallest) },
  ];
  requireWeightsWithin(limits, { name: base.name, parts, available });
  const lack = lackOf(limits);
  return {
    code: 'DEVICE_LIMITS',
    lack: `${lack}; \`device: cpu\` has no such limit`,
    refusal: () =>
      `drawing a single picture with ${base.name} ${lack}; use \`device: cpu\` or a smaller model`,
    isQuick: () => true,
    fits: (drawing) =>
      isWithin(denoises(drawing), limits) && isWithin(decoderProgram(base, drawing.size), limits),
  };
}

/**
 * What of a decoder of pictures of about these proportions holds. Its graph grows with the picture, so that a large one is
 * not traced: all but a constant is proportional to the pixels, because attention is computed in chunks.
 */
function estimate(
  base: BaseModel,
  like: PictureSize,
  bytesOf: (base: BaseModel, size: PictureSize) => number,
): (size: PictureSize) => number {
  const sizes = smallerSizes(base, like);
  const share = Math.sqrt(tracedElements / elementsOf(base, like));
  const count = Math.max(2, Math.floor(sizes.count * share));
  let line: ((elements: number) => number) | undefined;
  const traced = (n: number) => {
    const size = sizes.at(n);
    return [elementsOf(base, size), bytesOf(base, size)] as const;
  };
  return (size) => {
    const elements = elementsOf(base, size);
    if (elements <= tracedElements) return bytesOf(base, size);
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

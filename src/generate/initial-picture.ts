/** @file The picture to begin with and its mask: read, checked, and brought to the size that is asked for. */
import { ConfigError, DataError } from '../base/errors.ts';
import { cover, coveringSize } from '../data/cover.ts';
import { type DecodeOptions, decodeImage, type Image, type PicturesByName } from '../data/image.ts';
import { createSampler, imageToImageStart, type SamplerName } from '../diffusion/samplers/index.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import type { PictureSize } from '../pipeline/draw/autoencoder.ts';
import { type Mask, maskFromImage } from '../pipeline/draw/mask.ts';
import { nativeSide, nearestSide, requirePictureSize } from '../pipeline/draw/picture-size.ts';
import type { InitialPicture } from '../pipeline/draw/sampling-start.ts';
import { readBytes } from '../storage/files/binary-file.ts';
import type { GenerateConfig, GenerateOptions } from './generate-options.ts';

/** Without a mask, much may change and the composition stays; what a mask opens is painted anew. */
const defaultNoise = { plain: 0.6, masked: 1 };

/** The size of the pictures, and what they begin with. */
export interface PreparedPicture {
  readonly size: PictureSize;
  readonly initial: InitialPicture | undefined;
  /** What was decided without the user, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Refuses settings of a picture to begin with where there is none.
 *
 * @throws ConfigError NO_INIT_IMAGE
 */
export function requireInitialImage({ initImage, mask, noise }: GenerateOptions): void {
  if (initImage !== undefined) return;
  const [given] = Object.entries({ mask, noise }).find(([, value]) => value !== undefined) ?? [];
  if (given === undefined) return;
  throw new ConfigError(
    'NO_INIT_IMAGE',
    `\`${given}\` is for a picture to begin with, and there is none; add \`initImage\`, or leave \`${given}\` out`,
  );
}

export interface PictureOptions {
  readonly pictures?: PicturesByName | undefined;
  readonly sampler: SamplerName | undefined;
  /** Throws where pictures of a size are not to be, before any is made. */
  readonly accept?: (size: PictureSize) => void;
}

/**
 * Reads the picture to begin with, where there is one, and its mask.
 *
 * Without a width or height, the pictures have the proportions of the one they begin with and the base model's own
 * side as their shorter side.
 *
 * @throws ConfigError PICTURE_SIZE, STRENGTH, or what a sampler refuses; DataError MASK_SIZE, MASK_EMPTY, IMAGE_UNREADABLE
 */
export async function preparePicture(
  config: GenerateConfig,
  base: BaseModel,
  { sampler, accept = () => {}, pictures = new Map() }: PictureOptions,
): Promise<PreparedPicture> {
  const { initImage: path } = config;
  const decode: Decode = async (name, options) =>
    await decodeImage(pictures.get(name) ?? (await readBytes(name)), name, options);
  const { steps, timesteps, eta, keepUnmasked } = config;
  const along = createSampler(base.scheduler, {
    ...{ steps, timesteps, eta },
    ...(sampler && { name: sampler }),
  });
  const image = path === undefined ? undefined : await decode(path);
  const size = sizeOf(config, base, image);
  requirePictureSize(base, size);
  accept(size);
  if (path === undefined || image === undefined) return { size, initial: undefined, notes: [] };
  const over = { picture: image, size, decode };
  const mask = config.mask === undefined ? undefined : await readMask(config.mask, over);
  const noise = config.noise ?? (mask === undefined ? defaultNoise.plain : defaultNoise.masked);
  imageToImageStart(along, noise); // refuses early
  return {
    size,
    initial: { picture: cover(image, size, 'lanczos'), noise, mask, keepUnmasked },
    notes: resizingNote(path, image, size),
  };
}

function sizeOf(
  { width, height }: GenerateConfig,
  base: BaseModel,
  image: Image | undefined,
): PictureSize {
  const side = nativeSide(base);
  if (image === undefined) return { width: width ?? side, height: height ?? side };
  const across = image.width / image.height;
  if (width !== undefined) return { width, height: height ?? nearestSide(base, width / across) };
  if (height !== undefined) return { width: nearestSide(base, height * across), height };
  return across < 1
    ? { width: side, height: nearestSide(base, side / across) }
    : { width: nearestSide(base, side * across), height: side };
}

type Decode = (name: string, options?: DecodeOptions) => Promise<Image>;

/** The mask is drawn over the picture as it is in its file, and goes with it from there. */
async function readMask(
  path: string,
  { picture, size, decode }: { picture: Image; size: PictureSize; decode: Decode },
): Promise<Mask> {
  const image = await decode(path, { alpha: 'drop' });
  if (image.width !== picture.width || image.height !== picture.height) {
    throw new DataError(
      'MASK_SIZE',
      `${path}: a mask is as large as the picture it lies on, ${picture.width} x ${picture.height}; this one is ${image.width} x ${image.height}`,
    );
  }
  return maskFromImage(cover(image, size, 'lanczos'), path);
}

function resizingNote(path: string, image: Image, size: PictureSize): readonly string[] {
  if (image.width === size.width && image.height === size.height) return [];
  const resized = coveringSize(image, size);
  const isCut = resized.width !== size.width || resized.height !== size.height;
  const cut = isCut ? ` and cut to ${size.width} x ${size.height}` : '';
  return [
    `${path} is ${image.width} x ${image.height}: resized to ${resized.width} x ${resized.height}${cut}`,
  ];
}

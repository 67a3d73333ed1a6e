/** @file Pictures encoded as files, and their pixels. */
import sharp, { type Metadata, type Sharp } from 'sharp';
import { heicAsPngInThread } from './pictures/heic-thread.ts';
import { opacity } from './pictures/opacity.ts';
import type { Image, PictureHeader } from './pictures/picture.ts';

export type { Image, PictureHeader } from './pictures/picture.ts';

export interface PixelOptions {
  /** What lies behind transparent pixels: white, or the colour stored under them; or how opaque each is, as grey, alone. */
  readonly alpha: 'white' | 'drop' | 'alone';
  /** Called before anything is decoded; throws where it shall not be. */
  readonly accept: (header: PictureHeader) => void;
}

/**
 * Decodes a picture: upright by its EXIF orientation; palettes, grey levels, 16 bits and CMYK become 8-bit sRGB. Of
 * several frames or pages it is the first.
 *
 * @throws Error in the decoder's words where the bytes are cut or damaged; a harmless warning such as an odd colour
 * profile is no reason
 */
export async function decodePixels(
  bytes: Uint8Array,
  { alpha, accept }: PixelOptions,
): Promise<Image> {
  const source = opened(bytes);
  const { width, height, ...kind } = await source.metadata();
  const format = formatOf(kind);
  const isHeic = format === 'heic';
  if (!isHeic) accept({ format, depth: kind.depth, width, height });
  const decodable = isHeic ? opened(await heicAsPngInThread(bytes, accept)) : source;
  const { data, info } = await behind(decodable, alpha)
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (alpha === 'alone') return opacity({ ...info, data: withoutCopy(data) });
  if (info.channels !== 3) throw new Error(`it has ${info.channels} channels of colour`);
  return { width: info.width, height: info.height, data: withoutCopy(data) };
}

function opened(bytes: Uint8Array): Sharp {
  // The largest picture is for the caller to judge.
  return sharp(bytes, { failOn: 'error', autoOrient: true, limitInputPixels: false });
}

function behind(source: Sharp, alpha: PixelOptions['alpha']): Sharp {
  switch (alpha) {
    case 'white':
      return source.flatten({ background: '#fff' });
    case 'drop':
      return source.removeAlpha();
    case 'alone':
      return source.ensureAlpha();
    default:
      return alpha satisfies never;
  }
}

/** The bytes of an RGB PNG. */
export async function pngOf(image: Image): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await raw(image).png().toBuffer());
}

/** The bytes of an RGB WebP, lossy. @param quality of 100 */
export async function webpOf(image: Image, quality: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await raw(image).webp({ quality, effort: 6 }).toBuffer());
}

/** A picture no wider than so many pixels, in its proportions. */
export async function shrunk(image: Image, width: number): Promise<Image> {
  const { data, info } = await raw(image)
    .resize({ width, withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: withoutCopy(data) };
}

function raw({ width, height, data }: Image) {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** AVIF and the HEIC of phones are one container. */
function formatOf({ format, compression }: Pick<Metadata, 'format' | 'compression'>): string {
  if (format !== 'heif') return format;
  return compression === 'av1' ? 'avif' : 'heic';
}

/** The bytes of a buffer, which are hundreds of megabytes of a large photograph. */
function withoutCopy({ buffer, byteOffset, byteLength }: Buffer): Uint8Array<ArrayBuffer> {
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
}

/** @file Pictures in memory: decoded from JPEG, PNG and WebP files to 8-bit RGB, and encoded as PNG. */
import sharp from 'sharp';
import { DataError, invariant } from '../base/errors.ts';

/** An 8-bit sRGB picture, rows from the top, interleaved: [height, width, 3]. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

export interface DecodeOptions {
  /** What lies behind transparent pixels: white, or the colour stored under them (as Pillow's RGB conversion shows it). */
  readonly alpha?: 'white' | 'drop';
}

const readableFormats = ['jpeg', 'png', 'webp'];

/** An empty picture of one colour. */
export function blankImage(
  width: number,
  height: number,
  [red, green, blue]: readonly [number, number, number] = [255, 255, 255],
): Image {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at += 3) data.set([red, green, blue], at);
  return { width, height, data };
}

/**
 * Decodes a picture: upright by its EXIF orientation; palettes, grey levels, 16 bits and CMYK become 8-bit sRGB.
 * `where` names the file in errors.
 *
 * @default alpha 'white'
 * @throws DataError where the bytes are not a sound JPEG, PNG or WebP
 */
export async function decodeImage(
  bytes: Uint8Array,
  where: string,
  { alpha = 'white' }: DecodeOptions = {},
): Promise<Image> {
  if (bytes.length === 0) throw unreadable(where, 'the file is empty');
  try {
    // failOn 'error': a cut or damaged file is refused, a harmless warning such as an odd colour profile is not.
    const source = sharp(bytes, { failOn: 'error', autoOrient: true });
    const { format } = await source.metadata();
    if (!readableFormats.includes(format)) {
      throw unreadable(where, `inside it is ${format}, whatever its name says`);
    }
    const opaque = alpha === 'drop' ? source.removeAlpha() : source.flatten({ background: '#fff' });
    const { data, info } = await opaque
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    invariant(info.channels === 3, `decoded ${where} has ${info.channels} channels`);
    return { width: info.width, height: info.height, data: new Uint8Array(data) };
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw unreadable(where, reasonOf(error), error);
  }
}

/** The bytes of an RGB PNG. */
export async function encodePng(image: Image): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, data } = image;
  invariant(data.length === width * height * 3, 'encodePng() needs width x height x 3 bytes');
  const encoded = await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return new Uint8Array(encoded);
}

/** The bytes of an RGB WebP, lossy: for thumbnails. */
export async function encodeWebp(image: Image, quality = 88): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, data } = image;
  invariant(data.length === width * height * 3, 'encodeWebp() needs width x height x 3 bytes');
  const encoded = await sharp(data, { raw: { width, height, channels: 3 } })
    .webp({ quality, effort: 6 })
    .toBuffer();
  return new Uint8Array(encoded);
}

function unreadable(where: string, reason: string, cause?: unknown): DataError {
  return new DataError(
    'IMAGE_UNREADABLE',
    `${where} is not a readable picture (${reason}); replace it with a sound JPEG, PNG or WebP, or remove it`,
    { cause },
  );
}

/** The decoder's own words, first line only, without its prefix. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('unsupported image format')) {
    return 'its content is no picture format we know';
  }
  return (message.split('\n')[0] ?? message).replace(
    /^Input (buffer|file) has corrupt header: /,
    '',
  );
}

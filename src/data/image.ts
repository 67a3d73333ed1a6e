/** @file Pictures in memory: decoded from files to 8-bit RGB, and encoded as PNG or WebP. */
import { DataError, invariant } from '../base/errors.ts';
import { required } from '../base/required.ts';
import {
  decodePixels,
  type Image,
  type PictureHeader,
  pngOf,
  webpOf,
} from '../platform/pictures.ts';

export type { Image } from '../platform/pictures.ts';

/** Bytes of pictures by name, in place of files. */
export type PicturesByName = ReadonlyMap<string, Uint8Array>;

export interface DecodeOptions {
  /**
   * What lies behind transparent pixels: white, or the colour stored under them (as Pillow's RGB conversion shows it); or how
   * opaque each pixel is, as grey, alone.
   */
  readonly alpha?: 'white' | 'drop' | 'alone';
}

const readableFormats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'heic'];

/** Numbers of other types have no range that would say which of them is white. */
const readableDepths = ['uchar', 'ushort'];

/** What can be decoded, for messages. */
const readableNames = 'JPEG, PNG, WebP, GIF, TIFF, AVIF or HEIC';

/**
 * No picture with more pixels is decoded: medium-format cameras write 102 million, and a file of a few hundred
 * kilobytes may claim any number. So many take 360 MB as RGB, and 850 MB (measured) while some formats are decoded.
 */
export const mostPixels = 120e6;

/** An empty picture of one colour. */
export function blankImage(
  width: number,
  height: number,
  [red, green, blue]: readonly [number, number, number] = [255, 255, 255],
): Image {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at += 3) {
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
  }
  return { width, height, data };
}

/**
 * Decodes a picture: upright by its EXIF orientation (a HEIC by its own turns); palettes, grey levels, 16 bits, CMYK and
 * colours of other profiles become 8-bit sRGB. Of several frames or pages it is the first. `where` names the file in errors.
 *
 * @default alpha 'white'
 * @throws DataError IMAGE_UNREADABLE where the bytes are no sound picture of a format we read
 * @throws DataError IMAGE_TOO_LARGE by its header, before it is decoded
 */
export async function decodeImage(
  bytes: Uint8Array,
  where: string,
  { alpha = 'white' }: DecodeOptions = {},
): Promise<Image> {
  if (bytes.length === 0) throw unreadable(where, 'the file is empty');
  try {
    return await decodePixels(bytes, { alpha, accept: (header) => requireReadable(header, where) });
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw unreadable(where, reasonOf(error), error);
  }
}

/** The bytes of an RGB PNG. */
export async function encodePng(image: Image): Promise<Uint8Array<ArrayBuffer>> {
  return await pngOf(whole(image));
}

/** The bytes of an RGB WebP, lossy: for thumbnails. */
export async function encodeWebp(image: Image, quality = 88): Promise<Uint8Array<ArrayBuffer>> {
  return await webpOf(whole(image), quality);
}

function whole(image: Image): Image {
  const { width, height, data } = image;
  invariant(data.length === width * height * 3, 'a picture has width x height x 3 bytes');
  return image;
}

/** Judges a picture by its header. */
function requireReadable({ format, depth, width, height }: PictureHeader, where: string): void {
  if (!readableFormats.includes(format)) {
    throw unreadable(where, `inside it is ${format}, whatever its name says`);
  }
  if (depth !== undefined && !readableDepths.includes(depth)) {
    throw unreadable(
      where,
      `its samples are of type ${depth}, expected 8 or 16 bits without sign: nothing in the file says which ${depth} is white`,
    );
  }
  if (width * height <= mostPixels) return;
  const millions = (pixels: number) => String(Math.ceil(pixels / 1e6));
  const details = { pixels: millions(width * height), most: millions(mostPixels) };
  throw new DataError(
    'IMAGE_TOO_LARGE',
    `${where} is ${width} x ${height}, ${details.pixels} million pixels, and at most ${details.most} million are decoded; make it smaller: models see few of them`,
    { details },
  );
}

function unreadable(where: string, reason: string, cause?: unknown): DataError {
  return new DataError(
    'IMAGE_UNREADABLE',
    `${where} is not a readable picture (${reason}); replace it with a sound ${readableNames}, or remove it`,
    { cause },
  );
}

/** The decoder's own words, first line only, without its prefix. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('unsupported image format')) {
    return 'its content is no picture format we know';
  }
  return required(message.split('\n'), 0).replace(/^Input (buffer|file) has corrupt header: /, '');
}

/** @file HEIC, as phones write it, decoded by libheif in WebAssembly: neither sharp's build nor most browsers know its codec. */
import type { Libheif } from 'libheif-js/libheif-wasm/libheif-bundle.mjs';
import { required } from '../../base/required.ts';
import { storedPng } from '../../formats/png/stored-png.ts';
import type { PictureHeader } from './picture.ts';

/** Its colour space, chroma and channel by libheif's numbers: RGB of 8 bits, interleaved, without and with alpha. */
const rgb = { colorspace: 1, chroma: 10, chromaWithAlpha: 11, channel: 10 } as const;

/** Pixels that may be coded, of which some may be cut away: the caller judges what is shown, which is less. */
const mostCoded = 2 ** 27;

/** Curves by ITU-T H.273, 8.2, that reach far beyond white. */
const highRange: Readonly<Record<number, string>> = { 16: 'PQ', 18: 'HLG' };

/**
 * A HEIC picture as an uncompressed PNG of 8 bits with its colour profile: the first, upright, since its own turns and
 * mirrors are what counts of it (ISO 23008-12, 6.5); an EXIF orientation only repeats them.
 *
 * @param accept called before anything is decoded, which begins after it; throws where it shall not be
 * @throws Error in libheif's words where the bytes are cut, damaged or coded otherwise than by HEVC
 */
export async function heicAsPng(
  bytes: Uint8Array,
  accept: (header: PictureHeader) => void | Promise<void>,
): Promise<Uint8Array<ArrayBuffer>> {
  // Two megabytes, which most never need.
  const { default: libheif } = await import('libheif-js/libheif-wasm/libheif-bundle.mjs');
  // A new instance for each picture: its memory only grows, and one that failed may be in any state.
  const heif = new Heif(libheif({ print: () => {}, printErr: () => {} }));
  const handle = heif.opened(bytes);
  await accept({ format: 'heic', depth: 'uchar', ...heif.sizeOf(handle) });
  heif.requireStandardRange(handle);
  return storedPng({ ...heif.decoded(handle), profile: heif.profileOf(handle) });
}

/** Where the decoder's memory holds what. */
class Heif {
  readonly #heif: Libheif;
  /** A `heif_error` of 12 bytes. */
  readonly #error: number;
  /** Where it writes other results. */
  readonly #result: number;

  constructor(heif: Libheif) {
    this.#heif = heif;
    this.#error = heif._malloc(12);
    this.#result = heif._malloc(8);
  }

  /** The first picture of a file. */
  opened(bytes: Uint8Array): number {
    const heif = this.#heif;
    const context = heif._heif_context_alloc();
    const limits = heif._heif_context_get_security_limits(context);
    // `max_image_size_pixels`, of 64 bits, behind the version.
    heif.HEAPU32.set([mostCoded, 0], (limits + 8) >> 2);
    const file = heif._malloc(bytes.length);
    heif.HEAPU8.set(bytes, file);
    heif._heif_context_read_from_memory(this.#error, context, file, bytes.length, 0);
    this.#check();
    heif._heif_context_get_primary_image_handle(this.#error, context, this.#result);
    this.#check();
    return this.#word(this.#result);
  }

  sizeOf(handle: number) {
    const width = this.#heif._heif_image_handle_get_width(handle);
    const height = this.#heif._heif_image_handle_get_height(handle);
    return { width, height };
  }

  /** @throws Error where levels of 8 bits would be another brightness */
  requireStandardRange(handle: number): void {
    this.#heif._heif_image_handle_get_nclx_color_profile(this.#error, handle, this.#result);
    // A file need not say it.
    if (this.#word(this.#error) !== 0) return;
    const curve = highRange[this.#word(this.#word(this.#result) + 8)];
    if (curve !== undefined) throw new Error(`its brightness is HDR, by ${curve}`);
  }

  /** The ICC profile; undefined where the file has none. */
  profileOf(handle: number): Uint8Array | undefined {
    const heif = this.#heif;
    const length = heif._heif_image_handle_get_raw_color_profile_size(handle);
    if (length === 0) return undefined;
    const profile = heif._malloc(length);
    heif._heif_image_handle_get_raw_color_profile(this.#error, handle, profile);
    this.#check();
    return heif.HEAPU8.slice(profile, profile + length);
  }

  decoded(handle: number) {
    const heif = this.#heif;
    const hasAlpha = heif._heif_image_handle_has_alpha_channel(handle) === 1;
    const isMultiplied = heif._heif_image_handle_is_premultiplied_alpha(handle) === 1;
    const chroma = hasAlpha ? rgb.chromaWithAlpha : rgb.chroma;
    heif._heif_decode_image(this.#error, handle, this.#result, rgb.colorspace, chroma, 0);
    this.#check();
    const image = this.#word(this.#result);
    const width = heif._heif_image_get_width(image, rgb.channel);
    const height = heif._heif_image_get_height(image, rgb.channel);
    const channels = hasAlpha ? 4 : 3;
    const plane = heif._heif_image_get_plane_readonly(image, rgb.channel, this.#result);
    const stride = this.#word(this.#result);
    const row = (y: number): Uint8Array => {
      const start = plane + y * stride;
      const pixels = heif.HEAPU8.subarray(start, start + width * channels);
      return hasAlpha && isMultiplied ? divided(pixels) : pixels;
    };
    return { width, height, channels, row } as const;
  }

  #word(at: number): number {
    return required(this.#heif.HEAPU32, at >> 2);
  }

  /** @throws Error where the last call failed */
  #check(): void {
    // Code, finer code, words in ASCII that end with 0.
    if (this.#word(this.#error) === 0) return;
    const start = this.#word(this.#error + 8);
    const memory = this.#heif.HEAPU8;
    throw new Error(String.fromCharCode(...memory.subarray(start, memory.indexOf(0, start))));
  }
}

/** Colours into which alpha was multiplied, without it. */
function divided(pixels: Uint8Array): Uint8Array {
  return pixels.map((level, at) => {
    const alpha = required(pixels, at | 3);
    return at % 4 === 3 || alpha === 0 ? level : Math.min(255, Math.round((level * 255) / alpha));
  });
}

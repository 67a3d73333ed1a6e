/** @file Which files are HEIC by their first bytes. */

/** Brands of still pictures and sequences coded by HEVC, or by what the file says itself (ISO 23008-12, annex B). */
const brands = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'mif1', 'msf1'];

/** Whether a file is of the container that phones use, by its first 12 bytes; AVIF has it too, with brands of its own. */
export function isHeic(bytes: Uint8Array): boolean {
  const text = String.fromCharCode(...bytes.subarray(4, 12));
  return text.startsWith('ftyp') && brands.includes(text.slice(4));
}

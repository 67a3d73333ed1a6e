/** @file Sizes in bytes as people write them: `8GB`, `500 MB`, `1.5GiB`. */

/** Units by their names in lower case: powers of 1000, and with an i of 1024 (IEC 80000-13). */
const units: Readonly<Record<string, number>> = {
  ...{ b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 },
  ...{ kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 },
};

/** A number and a unit. */
export const byteSizePattern = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]i?b|b)\s*$/i;

/** The bytes of a size such as `8GB`; undefined where the text is none, or stands for less than one. */
export function bytesOfSize(text: string): number | undefined {
  const [, number, unit = ''] = byteSizePattern.exec(text) ?? [];
  const bytes = Number(number) * (units[unit.toLowerCase()] ?? Number.NaN);
  return bytes >= 1 ? bytes : undefined;
}

/** Bytes rounded up to three digits, so that what is said to be enough is: `315 MB`, `4.64 GB`. */
export function sizeText(bytes: number): string {
  const unit = bytes < 1e9 ? 1e6 : 1e9;
  const digits = Math.max(0, 3 - String(Math.floor(bytes / unit)).length);
  const scale = 10 ** digits;
  return `${(Math.ceil((bytes / unit) * scale) / scale).toFixed(digits)} ${unit === 1e6 ? 'MB' : 'GB'}`;
}

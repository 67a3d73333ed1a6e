/** @file The version of this package. Written by `npm run derive`. */

/** As package.json says it. */
export function packageVersion(): string {
  return '0.1.0';
}

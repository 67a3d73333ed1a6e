/** @file The largest number of something that fits, found without ever trying much more. */

/**
 * The largest whole number up to `most` that fits, to a thirty-second of it; 0 where not even 1 does. Numbers above one
 * that does not fit don't either. Asks about at most twice the result, or 1: asking may cost what it asks about.
 */
export function largestFitting(most: number, fits: (count: number) => boolean): number {
  let fitting = 0;
  let next = 1;
  while (next <= most && fits(next)) {
    fitting = next;
    next *= 2;
  }
  let beyond = Math.min(next, most + 1);
  while (beyond - fitting > Math.max(1, fitting / 32)) {
    const middle = Math.floor((fitting + beyond) / 2);
    if (fits(middle)) fitting = middle;
    else beyond = middle;
  }
  return fitting;
}

/** @file Student's t distribution with a whole number of degrees of freedom. */

/**
 * The share of the distribution below t: the finite sums that whole degrees of freedom have (Abramowitz and Stegun
 * 1964, 26.7.3 and 26.7.4).
 */
export function studentShare(t: number, degrees: number): number {
  const angle = Math.atan(Math.abs(t) / Math.sqrt(degrees));
  const between = degrees % 2 === 0 ? evenShare(angle, degrees) : oddShare(angle, degrees);
  return (1 + Math.sign(t) * between) / 2;
}

/** Of the distribution between -t and t. */
function oddShare(angle: number, degrees: number): number {
  let sum = 0;
  let term = Math.cos(angle);
  for (let power = 1; power <= degrees - 2; power += 2) {
    sum += term;
    term *= (Math.cos(angle) ** 2 * (power + 1)) / (power + 2);
  }
  return (2 / Math.PI) * (angle + Math.sin(angle) * sum);
}

function evenShare(angle: number, degrees: number): number {
  let sum = 0;
  let term = 1;
  for (let power = 0; power <= degrees - 2; power += 2) {
    sum += term;
    term *= (Math.cos(angle) ** 2 * (power + 1)) / (power + 2);
  }
  return Math.sin(angle) * sum;
}

/**
 * The value with a share of the distribution below it.
 *
 * @param share between 0 and 1, both excluded
 * @param degrees of freedom, a whole number of at least 1
 */
export function studentQuantile(share: number, degrees: number): number {
  if (share < 0.5) return -studentQuantile(1 - share, degrees);
  let [low, high] = [0, 1];
  while (studentShare(high, degrees) < share) high *= 2;
  for (;;) {
    const middle = (low + high) / 2;
    // No number lies between them any more.
    if (middle === low || middle === high) return middle;
    if (studentShare(middle, degrees) < share) low = middle;
    else high = middle;
  }
}

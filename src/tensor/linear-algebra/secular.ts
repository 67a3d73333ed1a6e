/** @file The eigenvalues of diag(d) + ρ·z·zᵀ: roots of the secular equation 1 + ρ·Σ z_j² / (d_j − λ) = 0. */
/*
 * One lies between every two neighbours of d, and one above the largest (Golub 1973). The steps fit a rational function
 * with two poles (Li 1993, "the middle way"); where one leaves the bracket, it is halved.
 */

/** A root as a pole and the distance from it, which keeps differences to all poles accurate. */
export interface SecularRoot {
  /** Index of the nearer pole. */
  readonly pole: number;
  readonly distance: number;
}

export interface SecularEquation {
  /** Rising, no two equal. */
  readonly d: Float64Array;
  /** None zero. */
  readonly z: Float64Array;
  /** Positive. */
  readonly rho: number;
}

const epsilon = 2 ** -52;
/** Three to six are usual; halving alone takes a hundred at most. */
const stepLimit = 200;

/** d_j − λ of a root. */
export function fromRoot(d: Float64Array, { pole, distance }: SecularRoot, j: number): number {
  return (d[j] ?? 0) - (d[pole] ?? 0) - distance;
}

/** The root above d_i. */
export function secularRoot(equation: SecularEquation, i: number): SecularRoot {
  const { d, z, rho } = equation;
  if (i === d.length - 1) {
    const reach = rho * z.reduce((sum, each) => sum + each * each, 0);
    return { pole: i, distance: solve(equation, { i, pole: i, low: 0, high: reach }) };
  }
  const half = ((d[i + 1] ?? 0) - (d[i] ?? 0)) / 2;
  const { value } = evaluate(equation, { i, pole: i }, half);
  // The function rises from −∞ to ∞ between its poles.
  const [pole, low, high] = value >= 0 ? [i, 0, half] : [i + 1, -half, 0];
  return { pole, distance: solve(equation, { i, pole, low, high }) };
}

interface Place {
  /** The root is the one above d_i. */
  readonly i: number;
  /** Index of the pole that distances are from. */
  readonly pole: number;
}

interface Bracket extends Place {
  readonly low: number;
  readonly high: number;
}

function solve(equation: SecularEquation, { i, pole, low, high }: Bracket): number {
  const { d } = equation;
  let [below, above] = [low, high];
  let distance = (low + high) / 2;
  for (let step = 0; step < stepLimit; step++) {
    const { value, size, slopeBelow, slopeAbove } = evaluate(equation, { i, pole }, distance);
    if (Math.abs(value) <= epsilon * d.length * size) return distance;
    if (value < 0) below = distance;
    else above = distance;
    const left = fromRoot(d, { pole, distance }, i);
    const right = i + 1 < d.length ? fromRoot(d, { pole, distance }, i + 1) : undefined;
    const change =
      right === undefined
        ? onePole(value, slopeBelow, left)
        : twoPoles({ value, slopeBelow, slopeAbove, left, right });
    const next = distance + change;
    const moved = next > below && next < above ? next : (below + above) / 2;
    if (moved === distance || moved === below || moved === above) return moved;
    distance = moved;
  }
  return distance;
}

/** The function, the sum of its terms' magnitudes, and the slopes of its terms up to d_i and above. */
function evaluate({ d, z, rho }: SecularEquation, { i, pole }: Place, distance: number) {
  const origin = d[pole] ?? 0;
  let [below, above, slopeBelow, slopeAbove] = [0, 0, 0, 0];
  for (let j = 0; j <= i; j++) {
    const weight = z[j] ?? 0;
    const ratio = weight / ((d[j] ?? 0) - origin - distance);
    below += weight * ratio;
    slopeBelow += ratio * ratio;
  }
  for (let j = i + 1; j < d.length; j++) {
    const weight = z[j] ?? 0;
    const ratio = weight / ((d[j] ?? 0) - origin - distance);
    above += weight * ratio;
    slopeAbove += ratio * ratio;
  }
  return {
    value: 1 + rho * (below + above),
    size: 1 + rho * (above - below),
    slopeBelow: rho * slopeBelow,
    slopeAbove: rho * slopeAbove,
  };
}

interface Fit {
  readonly value: number;
  readonly slopeBelow: number;
  readonly slopeAbove: number;
  /** Distances to the poles on both sides. */
  readonly left: number;
  readonly right: number;
}

/** The step to the zero of c + s/(left − η) + r/(right − η) of the same value and slopes. */
function twoPoles({ value, slopeBelow, slopeAbove, left, right }: Fit): number {
  const a = (left + right) * value - left * right * (slopeBelow + slopeAbove);
  const b = left * right * value;
  const c = value - left * slopeBelow - right * slopeAbove;
  const root = Math.sqrt(Math.max(0, a * a - 4 * b * c));
  return a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root);
}

/** The same with one pole, for the root above all. */
function onePole(value: number, slope: number, left: number): number {
  const c = value - slope * left;
  return left + (slope * left * left) / c;
}

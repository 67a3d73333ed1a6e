/** @file A running mean that forgets, for numbers that jump from step to step. */

/** Share of the past that is kept with every value. */
const memory = 0.95;

/** A function of the next value that gives the mean so far, without the pull towards zero at its start. */
export function smoothed(): (value: number) => number {
  let sum = 0;
  let weight = 0;
  return (value) => {
    sum = memory * sum + (1 - memory) * value;
    weight = memory * weight + (1 - memory);
    return sum / weight;
  };
}

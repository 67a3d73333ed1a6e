/** @file Colours as numbers. */

/** Red, green, blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** `share` of the second colour in the first. */
export function mixed(first: Colour, second: Colour, share: number): Colour {
  const channel = (a: number, b: number): number => a + (b - a) * share;
  return [channel(first[0], second[0]), channel(first[1], second[1]), channel(first[2], second[2])];
}

/** How far apart two colours look: Euclid's distance with the weights of the "redmean" approximation left at their middle. */
export function distance(first: Colour, second: Colour): number {
  const [red, green, blue] = [first[0] - second[0], first[1] - second[1], first[2] - second[2]];
  return Math.sqrt(2.5 * red * red + 4 * green * green + 2.5 * blue * blue);
}

/** As SVG has it: `#rrggbb`. */
export function hex(colour: Colour): string {
  const parts = colour.map((value) => {
    const whole = Math.round(Math.min(255, Math.max(0, value)));
    return whole.toString(16).padStart(2, '0');
  });
  return `#${parts.join('')}`;
}

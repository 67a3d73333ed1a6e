/** @file Outlines of simple forms as SVG path data, in a box of 100 by 100 with y downwards. */

/** A point: x, y. */
export type Point = readonly [x: number, y: number];

const short = (value: number): string => String(Math.round(value * 100) / 100);

/** Numbers as path data. */
export const numbers = (...values: readonly number[]): string => values.map(short).join(' ');

/** An ellipse by its centre and radii. */
export function oval(x: number, y: number, rx: number, ry: number = rx): string {
  const radii = numbers(rx, ry);
  return `M${numbers(x - rx, y)}a${radii} 0 1 0 ${numbers(2 * rx, 0)}a${radii} 0 1 0 ${numbers(-2 * rx, 0)}Z`;
}

/** A rectangle by its top left corner and size, its corners rounded by `r`. */
export function box(x: number, y: number, width: number, height: number, r = 0): string {
  const corner = (dx: number, dy: number): string =>
    r === 0 ? '' : `a${numbers(r, r)} 0 0 1 ${numbers(dx, dy)}`;
  return [
    `M${numbers(x + r, y)}h${short(width - 2 * r)}${corner(r, r)}`,
    `v${short(height - 2 * r)}${corner(-r, r)}h${short(2 * r - width)}${corner(-r, -r)}`,
    `v${short(2 * r - height)}${corner(r, -r)}Z`,
  ].join('');
}

/** A closed polygon. */
export function polygon(...points: readonly Point[]): string {
  return `M${points.map(([x, y]) => numbers(x, y)).join('L')}Z`;
}

/** A star, or with `inner` near 1 a regular polygon; its first tip on top. */
export function star(x: number, y: number, radius: number, tips: number, inner: number): string {
  const corners = Array.from({ length: 2 * tips }, (_, i): Point => {
    const angle = (Math.PI * i) / tips - Math.PI / 2;
    const r = i % 2 === 0 ? radius : radius * inner;
    return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
  });
  return polygon(...corners);
}

/** The same outline on the other side of the vertical x = 50: only for data of absolute M, L, C, Q and Z. */
export function mirrored(path: string): string {
  return path.replaceAll(/(-?[\d.]+)[ ,]+(-?[\d.]+)/g, (_, x: string, y: string) =>
    numbers(100 - Number(x), Number(y)),
  );
}

/** @file CIELAB: colours whose distances are about those that people see (CIE 15:2004). */

/** L* from 0 to 100, a* from green to red, b* from blue to yellow. */
export type Lab = readonly [lightness: number, a: number, b: number];

/** Of 8-bit sRGB (IEC 61966-2-1), under its white, D65. */
export function labOf(red: number, green: number, blue: number): Lab {
  const [r, g, b] = [linear(red / 255), linear(green / 255), linear(blue / 255)];
  const x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047;
  const y = 0.2126729 * r + 0.7151522 * g + 0.072175 * b;
  const z = (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883;
  const [fx, fy, fz] = [compressed(x), compressed(y), compressed(z)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** How far a colour is from grey: C*ab. */
export function chroma([, a, b]: Lab): number {
  return Math.hypot(a, b);
}

/** Its angle in degrees, from -180 to 180: h_ab. Any for a grey. */
export function hue([, a, b]: Lab): number {
  return (Math.atan2(b, a) * 180) / Math.PI;
}

/** Light of a stored value. */
function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** The cube root, straight near 0. */
function compressed(t: number): number {
  return t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29;
}

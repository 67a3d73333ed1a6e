/** @file Which Kronecker factors PEFT rebuilds: it keeps one number, from which it derives all sizes again. */
import type { Site } from '../../nn/index.ts';

/** Rows and columns of the first factor at a site. */
export interface FirstFactor {
  readonly site: Site;
  readonly size: readonly [number, number];
}

/** The two factors of a size as PEFT chooses them: where the number divides, it is the first, whichever is smaller. */
export function peftFactors(size: number, factor: number): readonly [number, number] {
  if (factor > 0 && size % factor === 0) return [factor, size / factor];
  let smaller = 1;
  for (let m = 2; m * m <= size && (factor < 0 || m <= factor); m++)
    if (size % m === 0) smaller = m;
  return [smaller, size / smaller];
}

/** The number from which PEFT derives these sizes at all sites; undefined where there is none. */
export function peftFactorOf(factors: readonly FirstFactor[]): number | undefined {
  const candidates = new Set([-1, ...factors.flatMap(({ size }) => size)]);
  return [...candidates].find((factor) =>
    factors.every(
      ({ site, size: [rows, columns] }) =>
        peftFactors(site.out, factor)[0] === rows &&
        peftFactors(channelsOf(site), factor)[0] === columns,
    ),
  );
}

/** Numbers that divide both sides of every site, for advice: factors (n, n) that PEFT rebuilds. */
export function peftSquareFactors(sites: readonly Site[]): readonly number[] {
  const smallest = Math.min(...sites.flatMap((site) => [site.out, channelsOf(site)]));
  return Array.from({ length: smallest }, (_, i) => i + 1).filter((n) =>
    sites.every((site) => site.out % n === 0 && channelsOf(site) % n === 0),
  );
}

/** Input channels of a convolution, inputs of a linear layer. */
export function channelsOf({ in: inner, kernel }: Site): number {
  return kernel === undefined ? inner : inner / (kernel[0] * kernel[1]);
}

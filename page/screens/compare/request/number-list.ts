/** @file Numbers as people type them: `0, 0.5, 1`. */

/** The numbers of a text, each once; undefined where a part of it is none. */
export function numbersIn(text: string): readonly number[] | undefined {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const numbers = parts.map(Number);
  return numbers.every(Number.isFinite) ? [...new Set(numbers)] : undefined;
}

/** So many numbers from one to another, evenly, rounded so that people can read them. */
export function numbersBetween(
  from: number,
  to: number,
  { count, isInteger }: { readonly count: number; readonly isInteger: boolean },
): readonly number[] {
  const share = (i: number) => (count === 1 ? 0 : i / (count - 1));
  const all = Array.from({ length: count }, (_, i) => from + (to - from) * share(i));
  return [...new Set(all.map((n) => (isInteger ? Math.round(n) : Number(n.toPrecision(4)))))];
}

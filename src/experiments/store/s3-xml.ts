/** @file The few fields that are needed of S3's answers; a parser of all XML would be the larger risk. */
import { ownValue } from '../../base/own-value.ts';

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Texts of all elements of a name, which have no elements inside. */
export function textsOf(xml: string, element: string): readonly string[] {
  const pattern = new RegExp(`<${element}>([^<]*)</${element}>`, 'g');
  return [...xml.matchAll(pattern)].map(([, text = '']) => unescaped(text));
}

/** Text of the first element of a name. */
export function textOf(xml: string, element: string): string | undefined {
  return textsOf(xml, element)[0];
}

function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return ownValue(entities, name) ?? whole;
  });
}

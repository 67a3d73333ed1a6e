/** @file Names of pictures in a folder that may have some already: they are numbered on, none is replaced. */
import { namesIn } from '../storage/files/folders.ts';

/** `0001-seed0.png` */
const numbered = /^(\d+)-seed/;

const digits = (number: number): string => String(number).padStart(4, '0');

/** Names for the next pictures of a folder and for their sheet. */
export interface OutputNames {
  /** Of the picture at an index, from 0. */
  readonly picture: (index: number, seed: number) => string;
  /** `sheet.png`; where there is one already, `sheet-0005.png` after the first of its pictures. */
  readonly sheet: string;
}

/** The names that a folder has free. */
export async function freeNames(folder: string): Promise<OutputNames> {
  const names = await namesIn(folder);
  const numbers = names.flatMap((name) => Number(numbered.exec(name)?.[1] ?? 0));
  const first = numbers.reduce((most, number) => Math.max(most, number), 0) + 1;
  const sheet = names.includes('sheet.png') ? `sheet-${digits(first)}.png` : 'sheet.png';
  return {
    picture: (index, seed) => `${digits(first + index)}-seed${seed}.png`,
    sheet,
  };
}

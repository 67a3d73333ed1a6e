/** @file Words of a language with values in them; numbers and plural forms as the language has them. */
import type { PluralWords, Words, WordValue } from './word-types.ts';

/** @throws where a text names a value that is not given: words and code do not fit each other */
export function translate(
  words: Words,
  language: string,
  key: string,
  values: Readonly<Record<string, WordValue>>,
): string {
  const found = words[key];
  if (found === undefined) throw new Error(`there are no words "${key}"`);
  const text = typeof found === 'string' ? found : formOf(found, language, values.n);
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`"${key}" needs the value "${name}"`);
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
  });
}

function formOf(words: PluralWords, language: string, n: WordValue | undefined): string {
  return new Intl.PluralRules(language).select(Number(n)) === 'one' ? words.one : words.other;
}

/** A third longer, every letter strange, brackets at the ends: shows what is not translated, and where there is no room. */
export function pseudoWords(words: Words): Words {
  return Object.fromEntries(
    Object.entries(words).map(([key, text]) => [
      key,
      typeof text === 'string'
        ? pseudo(text)
        : { one: pseudo(text.one), other: pseudo(text.other) },
    ]),
  );
}

const strange: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ö',
  u: 'ü',
  n: 'ñ',
  A: 'Å',
  E: 'É',
  O: 'Ö',
};

function pseudo(text: string): string {
  const changed = text
    .split(/(\{\w+\})/)
    .map((part) => (part.startsWith('{') ? part : part.replaceAll(/\w/g, (c) => strange[c] ?? c)))
    .join('');
  return `[${changed}${'~'.repeat(Math.ceil(text.length / 3))}]`;
}

/** @file The words of the person's language, for components. */
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import type { Failure } from '../../src/studio/interface/operation-shapes.ts';
import { type Place, usePlace } from '../backend/place.ts';
import { failures as germanFailures } from './de/failures.ts';
import { german } from './de/index.ts';
import { germanInATab } from './de/tab/in-a-tab.ts';
import { english } from './en/index.ts';
import { englishInATab } from './en/tab/in-a-tab.ts';
import { type FailureTexts, failureText } from './failures.ts';
import { type Formats, formatsOf } from './formats.ts';
import { pseudoWords, translate } from './translate.ts';
import type { ValueNames, Words, WordValue } from './word-types.ts';

export type WordKey = keyof typeof english;

/** Of words without values in them. */
export type PlainWordKey = {
  [Key in WordKey]: ValueNames<(typeof english)[Key]> extends never ? Key : never;
}[WordKey];

/** `t('home.title')`, `t('run.step', { step: 3, steps: 10 })`: what values a text needs is part of its type. */
export type { Formats };

export type Translate = <Key extends WordKey>(
  key: Key,
  ...values: ValueNames<(typeof english)[Key]> extends never
    ? []
    : [Readonly<Record<ValueNames<(typeof english)[Key]>, WordValue>>]
) => string;

export interface UsedWords {
  readonly t: Translate;
  readonly formats: Formats;
  readonly language: string;
  /** What was refused or failed; undefined where only the server's own words, English, say it. */
  readonly saidOf: (failure: Failure) => string | undefined;
}

const languages: Readonly<Record<Place, Readonly<Record<string, Words>>>> = {
  server: { en: english, de: german },
  tab: { en: { ...english, ...englishInATab }, de: { ...german, ...germanInATab } },
};
/** English is what the server speaks. */
const failures: Readonly<Record<string, FailureTexts>> = { de: germanFailures };

const WordsContext = createContext<UsedWords>(wordsOf('en', 'server'));

export function useWords(): UsedWords {
  return useContext(WordsContext);
}

function wordsOf(language: string, place: Place): UsedWords {
  const isPseudo = language === 'pseudo';
  const known = languages[place];
  const tag = isPseudo || !(language in known) ? 'en' : language;
  const own = known[tag] ?? english;
  const words = isPseudo ? pseudoWords(own) : own;
  const t: Translate = (key, ...[values]) => translate(words, tag, key, values ?? {});
  const texts = failures[tag] ?? {};
  const saidOf = (failure: Failure) => failureText(texts, failure);
  return { t, formats: formatsOf(tag), language: tag, saidOf };
}

/** `?words=pseudo` shows words that are none, to find what is not translated and where there is no room. */
const asked = new URLSearchParams(window.location.search).get('words');

/** @param preferred `system` for that of the browser */
export function WordsProvider({ preferred, children }: { preferred: string; children: ReactNode }) {
  const system = window.navigator.language.split('-')[0] ?? 'en';
  const language = asked ?? (preferred === 'system' ? system : preferred);
  const place = usePlace();
  const words = useMemo(() => wordsOf(language, place), [language, place]);
  useEffect(() => {
    document.documentElement.lang = words.language;
  }, [words]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

/** @file What was refused or failed, in a language that the server does not speak. */
import type { Failure } from '../../src/studio/interface/operation-shapes.ts';

/**
 * Texts by code, of which the first is said whose values are all known: `{name}` stands for one of the failure's
 * `details`. What a code cannot say shortly stands in the server's own words, in English.
 */
export type FailureTexts = Readonly<Record<string, readonly string[]>>;

/** Undefined where there is no text that fits. */
export function failureText(
  texts: FailureTexts,
  { code, details = {} }: Failure,
): string | undefined {
  const fitting = Object.hasOwn(texts, code) ? texts[code] : undefined;
  const text = fitting?.find((each) => namesIn(each).every((name) => Object.hasOwn(details, name)));
  return text?.replaceAll(place, (_, name: string) => details[name] ?? '');
}

const place = /\{(\w+)\}/g;

/** Names of the values that a text needs. */
export function namesIn(text: string): readonly string[] {
  return [...text.matchAll(place)].map(([, name = '']) => name);
}

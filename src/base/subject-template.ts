/** @file Texts with a place for the subject, `{subject}` or `{}`; doubled braces stand for themselves. */
import { ConfigError } from './errors.ts';
import { didYouMean, nearest } from './nearest.ts';

/** A brace for itself, or what stands in a pair of them. */
const place = /\{\{|\}\}|\{([^{}]*)\}/g;
const known = ['subject', ''];

/** All of these, or a word with one of its braces; from its beginning, as each later one would look through all that is left. */
const placeOrHalf = /\{\{|\}\}|\{[^{}]*\}|\{\s*(\w+)|(?<!\w)(\w+)\s*\}(?!\})/g;

/** Whether a text says where the subject stands. */
export function hasSubjectPlace(template: string): boolean {
  return [...template.matchAll(place)].some(
    ([, name]) => name !== undefined && known.includes(name),
  );
}

/**
 * A text with the subject in its place.
 *
 * @param where names the setting, or the file, in errors
 * @throws ConfigError UNKNOWN_PLACEHOLDER where something else stands in braces
 */
export function fillSubject(template: string, subject: string, where: string): string {
  requireKnownPlaces(template, where);
  return withSubject(template, subject);
}

/**
 * Refuses a text whose braces hold anything but the subject, or where one of those around it is missing. Other single
 * braces are themselves.
 *
 * @throws ConfigError UNKNOWN_PLACEHOLDER naming the nearest right one
 */
export function requireKnownPlaces(template: string, where: string): void {
  for (const [written, name] of template.matchAll(place)) {
    if (name === undefined || known.includes(name)) continue;
    const near = didYouMean(written, ['{subject}']);
    throw new ConfigError(
      'UNKNOWN_PLACEHOLDER',
      `${where}: ${written} stands for nothing${near}; {subject} or {} stands for the subject, {{ and }} for braces`,
      { details: { written } },
    );
  }
  for (const [written, opened, closed] of template.matchAll(placeOrHalf)) {
    const word = opened ?? closed;
    if (word === undefined || nearest(word, ['subject']) === undefined) continue;
    throw new ConfigError(
      'UNKNOWN_PLACEHOLDER',
      `${where}: "${written}" has a single brace; {subject} stands for the subject, {{ and }} for braces`,
      { details: { written } },
    );
  }
}

/** The same of a text that is taken as it is: what stands in braces and is not known stays. */
export function withSubject(template: string, subject: string): string {
  return template.replaceAll(place, (written, name: string | undefined) => {
    if (name === undefined) return written.slice(1);
    return known.includes(name) ? subject : written;
  });
}

/** The template that means this very text. */
export function literalTemplate(text: string): string {
  return text.replace(/[{}]/g, '$&$&');
}

/** @file What a person types as the kind of a thing, as a class and a subject. */

/** A word that CLIP knows and that stands for nothing. */
const rareWord = 'sks';

/** Lower case, one space between words; empty where nothing was typed. */
export function classOf(typed: string): string {
  return typed.trim().toLowerCase().replaceAll(/\s+/g, ' ');
}

export function subjectOf(className: string): string {
  return `${rareWord} ${className}`;
}

/** Whether it is what `subjectOf` makes, of whatever class. */
export function isUsualSubject(subject: string): boolean {
  return subject.startsWith(`${rareWord} `);
}

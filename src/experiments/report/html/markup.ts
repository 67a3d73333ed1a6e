/** @file HTML text in which nothing is unescaped by accident: what is filled in is text, unless it is markup already. */

/** A piece of HTML. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Filling = string | number | Markup | undefined | readonly Filling[];

/** A template of HTML; strings and numbers that are filled in are escaped, lists are joined, undefined is nothing. */
export function html(pieces: TemplateStringsArray, ...fillings: readonly Filling[]): Markup {
  const text = pieces.map((piece, i) => `${piece}${filled(fillings[i])}`).join('');
  return new Markup(text);
}

/** Text that is HTML already, such as an SVG picture of ours. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function filled(filling: Filling): string {
  if (filling === undefined) return '';
  if (filling instanceof Markup) return filling.text;
  if (typeof filling === 'string' || typeof filling === 'number') return escaped(String(filling));
  return filling.map(filled).join('');
}

/** For text between tags and in quoted attributes. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Text whose units and equations stay on one line. */
export function unbroken(text: string): string {
  return text.replaceAll(/(?<=\d) (?=%)|(?<=\bp) (?=[=<])|(?<=[=<]) (?=\d)/g, '\u00a0');
}

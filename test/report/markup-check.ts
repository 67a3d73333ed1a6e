/** @file Whether HTML and SVG text is well formed, by a reader that knows only tags. */

/** Elements that have no end. */
const voids = new Set(['meta', 'img', 'br', 'hr', 'input', 'link']);

export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/**
 * All tags in order. Throws where one is not closed, closes another, has an attribute twice or unquoted, or where a text
 * holds a bare `<` or `&`.
 */
export function tagsOf(markup: string): readonly Tag[] {
  const tags: Tag[] = [];
  const open: string[] = [];
  const pattern =
    /<!doctype html>|<\/([a-zA-Z0-9]+)>|<([a-zA-Z0-9]+)((?:\s+[^\s=>/]+(?:="[^"]*")?)*)\s*(\/?)>/y;
  let at = 0;
  while (at < markup.length) {
    if (markup[at] !== '<') {
      const end = markup.indexOf('<', at);
      const text = markup.slice(at, end === -1 ? undefined : end);
      checkText(text);
      at += text.length;
      continue;
    }
    pattern.lastIndex = at;
    const found = pattern.exec(markup);
    if (found === null) throw new Error(`no tag: ${markup.slice(at, at + 80)}`);
    const [whole, closed, name, attributes = '', isAlone] = found;
    at += whole.length;
    if (closed !== undefined && open.pop() !== closed) throw new Error(`${closed} was not open`);
    if (name === undefined) continue;
    tags.push({ name, attributes: attributesOf(attributes) });
    if (isAlone === '/' || voids.has(name)) continue;
    // What is in these is no markup.
    if (name === 'style' || name === 'script') at = markup.indexOf(`</${name}>`, at);
    open.push(name);
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(', ')}`);
  return tags;
}

function checkText(text: string): void {
  const bare = /&(?!(?:[a-z]+|#\d+);)/.exec(text);
  if (bare !== null) throw new Error(`a bare & in: ${text.slice(bare.index, bare.index + 40)}`);
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)) {
    if (attributes.has(name)) throw new Error(`attribute ${name} twice`);
    checkText(value);
    attributes.set(name, value);
  }
  return attributes;
}

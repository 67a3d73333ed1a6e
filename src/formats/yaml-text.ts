/** @file YAML and JSON that people write: a value, or what is wrong and in which line. */
import { type Alias, type Document, LineCounter, parseDocument, visit } from 'yaml';

/**
 * The value of a text; every JSON text is YAML too.
 *
 * @param refuse makes an error of a problem such as `line 3: the alias *sizes names nothing`
 * @throws what `refuse` makes
 */
export function parseYaml(text: string, refuse: (problem: string) => Error): unknown {
  const lineCounter = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter });
    const [error] = document.errors;
    if (error !== undefined) {
      throw refuse(`not sound YAML or JSON: ${error.message.split('\n')[0]?.replace(/:$/, '')}`);
    }
    const lost = lostAlias(document);
    if (lost !== undefined) {
      const { line } = lineCounter.linePos(lost.range?.[0] ?? 0);
      throw refuse(`line ${line}: the alias *${lost.source} names nothing that stands before it`);
    }
    return document.toJS();
  } catch (cause) {
    // What the library says of aliases that grow without bounds, and of nesting beyond the stack.
    if (cause instanceof ReferenceError) throw refuse(cause.message);
    if (cause instanceof RangeError) throw refuse('it is nested too deeply');
    throw cause;
  }
}

/** The first alias whose anchor is not there. */
function lostAlias(document: Document): Alias | undefined {
  let lost: Alias | undefined;
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return undefined;
      lost = alias;
      return visit.BREAK;
    },
  });
  return lost;
}

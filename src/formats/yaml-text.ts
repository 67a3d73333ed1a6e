/** @file YAML and JSON that people write: a value, or what is wrong and in which line. */
import {
  type Alias,
  Document,
  isCollection,
  LineCounter,
  parseDocument,
  visit,
  type YAMLParseError,
} from 'yaml';

/** Characters of a value that stands beside its key. */
const longestLine = 80;

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
      throw refuse(inOurWords(error, lineCounter.linePos(error.pos[0]).line, text));
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

/** A value as YAML that people read: what fits a line stands on one, what does not has a line for each of its parts. */
export function formatYaml(value: Readonly<Record<string, unknown>>): string {
  const document = new Document(value);
  visit(document, {
    Collection(_key, node, path) {
      const depth = path.filter(isCollection).length;
      const fits = JSON.stringify(node.toJSON()).length <= longestLine;
      if (depth > 1 || (depth === 1 && fits)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 100 });
}

/** What is wrong; the library's own words speak of its functions and name no key. */
function inOurWords({ code, message, pos }: YAMLParseError, line: number, text: string): string {
  if (code === 'DUPLICATE_KEY') {
    const [key] = text.slice(pos[0]).split(/:(?:\s|$)|\n/, 1);
    return `line ${line}: ${key} stands there again; give it once`;
  }
  if (code === 'MULTIPLE_DOCS') {
    return `line ${line}: a second document begins (---); expected one, put the other into a file of its own`;
  }
  return `not sound YAML or JSON: ${message.split('\n')[0]?.replace(/:$/, '')}`;
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

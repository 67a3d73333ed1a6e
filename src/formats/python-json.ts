/** @file JSON as Python's json module writes it: with the tokens NaN, Infinity and -Infinity, which JSON itself lacks. */

/** A string with the colon that makes it a key, or one of Python's tokens outside of strings. */
const stringOrToken = /"([^"\\]*(?:\\[\s\S][^"\\]*)*)"(\s*:)?|(-?Infinity|NaN)(?![\w$]|\s*:)/g;

/** Marks before string values, and in place of NaN, while other JSON is parsed. */
const [isText, isNaNToken] = ['s', 'n'];

/**
 * The value of a JSON text, which may hold numbers that only Python writes; strings of such words stay strings.
 *
 * @throws SyntaxError where it is not JSON even so
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!/NaN|Infinity/.test(text)) throw cause;
    return parseMarked(text, cause);
  }
}

/** Infinity becomes a number beyond the range of doubles; NaN, which no number is, a string told apart by its mark. */
function parseMarked(text: string, cause: unknown): unknown {
  const marked = text.replace(
    stringOrToken,
    (whole: string, content?: string, colon?: string, token?: string) => {
      if (token === 'NaN') return `"${isNaNToken}"`;
      if (token !== undefined) return token.replace('Infinity', '1e999');
      return colon === undefined ? `"${isText}${content ?? ''}"` : whole;
    },
  );
  try {
    return JSON.parse(marked, (_key, value: unknown) => {
      if (typeof value !== 'string') return value;
      return value.startsWith(isNaNToken) ? Number.NaN : value.slice(isText.length);
    });
  } catch {
    // The first message speaks of the text as it stands in the file.
    throw cause;
  }
}

/** @file JSON from outside, whose schema says what is wrong with it. */

/** The value of a JSON text; undefined where it is none, which every schema refuses. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @file Texts of any length in messages that people read. */

/** The beginning and the end of a text, with how much lies between them where it is longer than `longest`. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const tail = Math.floor(longest / 3);
  const head = longest - tail;
  return `${text.slice(0, head)} ... (${text.length - longest} characters) ... ${text.slice(-tail)}`;
}

/** @file The line of a sweep's file that a problem is about: the problem names it, or a key or value that stands there. */

/** @returns from 1; undefined where it cannot be told */
export function problemLine(message: string, source: string): number | undefined {
  const [, said] = /\bline (\d+)/.exec(message) ?? [];
  if (said !== undefined) return Number(said);
  const lines = source.split('\n');
  // What it could have been called stands nowhere, or elsewhere.
  const [wrong = ''] = message.split('did you mean');
  for (const name of namesIn(wrong)) {
    const at = lines.findIndex((line) => isThere(name, line.replace(/(^|\s)#.*$/, '')));
    if (at >= 0) return at + 1;
  }
  return undefined;
}

/** What a message puts between marks, then paths of settings, then their last parts. */
function namesIn(message: string): readonly string[] {
  const marked = [...message.matchAll(/["`]([^"`]+)["`]/g)].map(([, name = '']) => name);
  const paths = [...message.matchAll(/\b[A-Za-z]\w*(?:\.\w+)+/g)].map(([path]) => path);
  const [first] = /^[A-Za-z]\w*(?=:)/.exec(message) ?? [];
  const parts = [...marked, ...paths].flatMap((name) => name.split('.').reverse());
  return [...marked, ...paths, ...parts, ...(first === undefined ? [] : [first])].filter((name) =>
    /[A-Za-z]/.test(name),
  );
}

/** Whether a line has a name as a key or as a value of its own. */
function isThere(name: string, line: string): boolean {
  const plain = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:^|[\\s,{["'.-])${plain}(?=$|[\\s,}\\]:"'])`).test(line);
}

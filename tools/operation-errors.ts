/** @file The codes that each function of the package names in its documentation, as a value and for people. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The codes of each function, both in the order of the alphabet. */
export function operationErrors(root: string): readonly (readonly [string, readonly string[]])[] {
  const folder = join(root, 'src/api');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return documentedIn(ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true));
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The file of the value. */
export function operationErrorFile(root: string): readonly [string, string] {
  const entries = operationErrors(root).map(
    ([name, codes]) => `  ${name}: [${codes.map((code) => `'${code}'`).join(', ')}],\n`,
  );
  return [
    'src/api/call/operation-errors.ts',
    `/** @file The codes that each function names in its documentation, written by \`npm run derive\` from there. */
import type { ErrorCode } from '../../base/derived/error-codes.ts';

export const operationErrors = {
${entries.join('')}} as const satisfies Readonly<Record<string, readonly ErrorCode[]>>;
`,
  ];
}

function documentedIn(file: ts.SourceFile): readonly (readonly [string, readonly string[]])[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isFunctionDeclaration(statement) || statement.name === undefined) return [];
    const throws = ts
      .getJSDocTags(statement)
      .filter(({ tagName }) => tagName.text === 'throws')
      .map((tag) => tag.getText());
    const codes = throws.join(' ').match(/\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\b/g) ?? [];
    return codes.length === 0 ? [] : [[statement.name.text, [...new Set(codes)].sort()] as const];
  });
}

/** @file The codes of all errors that are thrown on purpose, found in the sources: their type, and their list for people. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { operationErrors } from './operation-errors.ts';

/** A code, where it stands and what it says there first. */
interface Code {
  readonly code: string;
  /** Class of the error, where it is made there. */
  readonly kind: string | undefined;
  readonly message: string;
}

const isCode = (text: string): boolean => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(text);

/** The files of error codes, by path. */
export function errorCodeFiles(root: string): ReadonlyMap<string, string> {
  const codes = codesOf(sourcesIn(root));
  const names = codes.map(({ code }) => `  | '${code}'\n`).join('');
  const type = `/** @file The codes of errors, written by \`npm run derive\` from the sources. */\n\n/** Stable name of what went wrong; docs/errors.md lists them with what they say. */\nexport type ErrorCode =\n${names};\n`;
  return new Map([
    ['src/base/derived/error-codes.ts', type],
    ['docs/errors.md', page(codes, operationErrors(root))],
  ]);
}

function page(
  codes: readonly Code[],
  operations: readonly (readonly [string, readonly string[]])[],
): string {
  const rows = codes.map(
    ({ code, kind, message }) => `| \`${code}\` | ${kind ?? ''} | ${message} |`,
  );
  const functions = operations.map(
    ([name, own]) => `| \`${name}\` | ${own.map((code) => `\`${code}\``).join(', ')} |`,
  );
  return `# Errors

Whatever the package throws on purpose is a \`KronaError\` of one of the kinds below, with a stable \`code\` (the type
\`ErrorCode\`); anything else is a bug. The command shows the code behind the message. This list is written by
\`npm run derive\`; … stands for what is filled in.

| code | kind | what it says, for example |
| --- | --- | --- |
${rows.join('\n')}

## By function

What each function of the package can run into by itself, beside all that can be wrong with the files, models and settings
that it is given. \`isErrorOf('resume', error)\` tells them from others, and a \`switch\` over the code of such an error can
be checked to be exhaustive (\`ErrorCodeOf<'resume'>\`).

| function | codes |
| --- | --- |
${functions.join('\n')}
`;
}

function sourcesIn(root: string): readonly ts.SourceFile[] {
  const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return paths
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, 'src', path), 'utf8');
      return ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
    });
}

/** Every code once, in the order of the alphabet. */
function codesOf(files: readonly ts.SourceFile[]): readonly Code[] {
  const places = placesOfCode(files);
  const found = new Map<string, Code>();
  const visit = (node: ts.Node): void => {
    for (const each of codesAt(node, places)) {
      const known = found.get(each.code);
      if (known === undefined || (known.kind === undefined && each.kind !== undefined)) {
        found.set(each.code, each);
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  return [...found.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** A function that takes a code. */
interface TakesCode {
  /** Which of its arguments it is. */
  readonly index: number;
  /** Class of the error that it makes of it. */
  readonly kind: string | undefined;
}

function placesOfCode(files: readonly ts.SourceFile[]): ReadonlyMap<string, TakesCode> {
  const places = new Map<string, TakesCode>();
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) || ts.isArrowFunction(node)) {
      const index = node.parameters.findIndex(({ name }) => name.getText() === 'code');
      const { parent } = node;
      const holds = ts.isVariableDeclaration(parent) || ts.isParameter(parent);
      const name = node.name ?? (holds ? parent.name : undefined);
      if (index >= 0 && name !== undefined) {
        const place = { index, kind: kindIn(node) };
        places.set(name.getText(), place);
        places.set(nameIn(node.getSourceFile(), name.getText()), place);
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  return places;
}

/** A function of a file, which others may call their own by the same name. */
const nameIn = ({ fileName }: ts.SourceFile, name: string): string => `${fileName}: ${name}`;

/** Class of the error that is made of what is called `code` in a part of the sources. */
function kindIn(node: ts.Node): string | undefined {
  return /new (\w+Error)\(\s*code\b/.exec(node.getText())?.[1];
}

/** The codes that a node gives to an error: as it makes one, asks for one, or describes one. */
function codesAt(node: ts.Node, places: ReadonlyMap<string, TakesCode>): readonly Code[] {
  const kind = kindMade(node);
  if (kind !== undefined) {
    const [code, message] = argumentsOf(node);
    return literals(code).map((each) => ({ code: each, kind, message: textOf(message) }));
  }
  if (ts.isCallExpression(node)) {
    const called = node.expression.getText();
    const place = places.get(nameIn(node.getSourceFile(), called)) ?? places.get(called);
    if (place === undefined) return [];
    const { index } = place;
    const message = textOf(node.arguments[index + 1] ?? node.arguments[index - 1]);
    return literals(node.arguments[index]).map((code) => ({ code, kind: place.kind, message }));
  }
  const describes = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node);
  if (!describes || node.name.getText() !== 'code') return [];
  const kindOfFile = kindIn(node.getSourceFile());
  const siblings = ts.isObjectLiteralExpression(node.parent) ? node.parent.properties : [];
  const advice = siblings.find(({ name }) => name?.getText() === 'advice');
  if (ts.isPropertyAssignment(node) ? advice === undefined : kindOfFile === undefined) return [];
  const message = advice && ts.isPropertyAssignment(advice) ? textOf(advice.initializer) : '';
  return literals(node.initializer).map((code) => ({ code, kind: kindOfFile, message }));
}

const argumentsOf = (node: ts.Node): readonly ts.Expression[] =>
  ts.isNewExpression(node) || ts.isCallExpression(node) ? [...(node.arguments ?? [])] : [];

/** Class of the error that a node makes by `new`, or by `super` in a class of its kind. */
function kindMade(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && /Error$/.test(node.expression.getText())) {
    return node.expression.getText();
  }
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.SuperKeyword)
    return undefined;
  const made = ts.findAncestor(node, ts.isClassDeclaration)?.heritageClauses?.[0]?.types[0];
  const kind = made?.expression.getText() ?? '';
  return kind.endsWith('Error') ? kind : undefined;
}

/** The codes that an expression may be. */
function literals(node: ts.Expression | undefined): readonly string[] {
  if (node === undefined) return [];
  if (ts.isConditionalExpression(node)) {
    return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  }
  if (ts.isAsExpression(node)) return literals(node.expression);
  return ts.isStringLiteralLike(node) && isCode(node.text) ? [node.text] : [];
}

/** Letters of a message that a table shows. */
const longest = 160;

/** A message with … where values are filled in, as a cell of a table. */
function textOf(node: ts.Expression | undefined): string {
  const whole = node === undefined ? '' : plainText(node);
  const line = whole.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;').trim();
  return line.length <= longest ? line : `${line.slice(0, longest).replace(/\s\S*$/, '')} …`;
}

function plainText(node: ts.Expression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
  }
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return plainText(node.body);
  if (ts.isConditionalExpression(node)) return plainText(node.whenTrue);
  if (ts.isBinaryExpression(node)) return `${plainText(node.left)}${plainText(node.right)}`;
  return '…';
}

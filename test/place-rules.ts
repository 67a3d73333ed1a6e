/** @file The rule that no file names a place outside the repository, as a function from texts to violations in words. */
import { posix } from 'node:path';
import ts from 'typescript';

/** A text file of the repository. */
export interface TextFile {
  /** From the project's root, with forward slashes: `docs/adapters.md`. */
  readonly path: string;
  readonly text: string;
}

/** Folders of one person's or one machine's: nobody else has what lies there. */
const machinePlace = /(?<![\w/.:)\]}-])\/(home|Users|root|work|mnt|media|private|tmp)\/[\w.-]+/;
const windowsPlace = /(?<!\w)[A-Za-z]:[\\/]+Users[\\/]+/;
/** Links of Markdown, and paths in shell lines, configurations and running text. */
const climbing = /(?<![\w./])(?:\.\.\/)+[\w@.-]*/g;

/** Every place outside the repository that a file names, with the way out. */
export function placeViolations(files: readonly TextFile[]): string[] {
  return files.flatMap((file) => [...machineViolations(file), ...climbViolations(file)]);
}

function machineViolations({ path, text }: TextFile): string[] {
  return text.split('\n').flatMap((line, index) => {
    const found = machinePlace.exec(line) ?? windowsPlace.exec(line);
    const reason = 'is a place of one machine; take a path from the project, or a temporary folder';
    return found === null ? [] : [`${path}:${index + 1}: ${found[0]} ${reason}`];
  });
}

function climbViolations({ path, text }: TextFile): string[] {
  const places = path.endsWith('.ts')
    ? namedPlaces(path, text)
    : [...text.matchAll(climbing)].map(([named]) => named);
  const reason =
    'leaves the repository; what it needs belongs inside, reference values into test/fixtures';
  return places
    .filter((named) => posix.join(posix.dirname(path), named).startsWith('..'))
    .map((named) => `${path}: ${named} ${reason}`);
}

/** Paths in a TypeScript file that climb, as seen from the file's folder. */
function namedPlaces(path: string, text: string): string[] {
  const found: string[] = [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const up = '../'.repeat(path.split('/').length - 1);
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) {
      if (node.text.startsWith('../')) {
        if (isAnchored(node)) found.push(node.text);
        // From the working folder, the project's root, any climbing leaves it. One name alone, and names in a list, are
        // examples of what is refused.
        else if (isPath(node)) found.push(up + node.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Whether a path is read from the folder of the file that it stands in. */
function isAnchored(node: ts.Node): boolean {
  const parent = ts.isTemplateHead(node) ? node.parent.parent : node.parent;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  if (ts.isLiteralTypeNode(parent)) return true;
  if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return false;
  const isImport = parent.expression.kind === ts.SyntaxKind.ImportKeyword;
  return (
    isImport || (parent.arguments ?? []).some((one) => one.getText().startsWith('import.meta'))
  );
}

/** Whether a text that climbs names something there, and is no element of a list. */
function isPath(node: ts.StringLiteralLike | ts.TemplateHead): boolean {
  const parent = ts.isTemplateHead(node) ? node.parent.parent : node.parent;
  const named = node.text.split('/').filter((segment) => segment !== '..' && segment !== '');
  return named.length > 1 && !ts.isArrayLiteralExpression(parent);
}

/** @file The rules of the source tree, as functions from parsed files to violations in words. */
import { posix } from 'node:path';
import ts from 'typescript';
import { grouped } from '../src/base/grouped.ts';

/** Folders of `src`: each imports only from layers before its own; folders of one layer stay apart. */
const layers: readonly (readonly string[])[] = [
  ['base'],
  ['tensor'],
  ['formats'],
  ['platform'],
  ['storage'],
  ['graph'],
  ['runtime', 'nn'],
  ['models', 'adapters', 'diffusion', 'optim', 'data'],
  ['exchange'],
  ['pipeline'],
  ['train', 'generate', 'convert', 'metrics'],
  ['merge', 'experiments', 'plan'],
  ['inspect'],
  ['publish'],
  ['api'],
  ['studio'],
  ['cli'],
];

/** Only these know Node and its packages: the rest of the library asks `platform`, of which a browser can have another. */
const mayUseNode = ['platform', 'studio', 'cli'];
/** Modules and globals that a browser does not have. */
const nodePackages = /^(node:.*|sharp|onnxruntime-.*)$/;
const nodeGlobals = ['process', 'Buffer'];
/** Libraries that one file alone knows; the rest asks it. */
const doors: Readonly<Record<string, string>> = {
  '@huggingface/hub': 'src/publish/upload.ts',
  '@huggingface/tokenizers': 'src/data/tokenizer.ts',
  aws4fetch: 'src/experiments/store/s3-request.ts',
  'libheif-js/libheif-wasm/libheif-bundle.mjs': 'src/platform/pictures/heic.ts',
  'opentype.js': 'src/generate/lettering/typeface.ts',
  vega: 'src/experiments/report/charts/render.ts',
  'vega-lite': 'src/experiments/report/charts/render.ts',
  yaml: 'src/formats/yaml-text.ts',
};
/** Read what is not people's text, or checks it by itself. */
const mayDecodeLoosely = [
  'src/formats/png/png-text.ts',
  'src/formats/torch/zip.ts',
  'src/storage/hub/download/blob-lock.ts',
  'src/storage/hub/cache-layout.ts',
];
const drawers = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'shared'];
/** Things of the surroundings: the library gets them as arguments or events, the command line may use them. */
const surroundings = ['console', 'Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID'];
/** What a browser has of the platform, where the operating system of Node would be asked. */
const twins = 'src/platform/browser/';
/** What only browsers have anyway imports from there; elsewhere bundlers put twins in the place of Node's by the map of the package. */
const knowTwins = ['src/api/browser.ts', 'src/studio/tab/'];
/** What `api` takes where whoever calls brings none, and programs, whom nobody calls. */
const clocks = ['Date.now', 'performance.now'];
const hasClock = (path: string): boolean => /^src\/api\/|-program\.ts$/.test(path);
/** A command to type. */
const typedCommand =
  /\bkrona (compare|convert|demo|dreambench|evaluate|extract|generate|inspect|make-model|merge|plan|publish|report|studio|sweep|train|worker)\b/;
/** A flag among words: no argument of a program that is started, and no variable of CSS. */
const typedFlag = /(?:^|[\s("'`])--[a-z][\w-]*(?=\s)|\s[("'`]?--[a-z][\w-]*(?![\w-]|:\s)/;
/** What a command would do by itself that addAction() does for all: be called, show progress, hear Ctrl-C, print. */
const ownAction =
  /\.action\(|\bterminal\.(?!ts\b)|\b(?:createProgress|interruptible)\(|\bnew Option\(\s*'--(?:json|quiet|offline)\b/;
const longestSource = 400;
const longestTest = 600;
/** What `npm run derive` writes: a list has a line for each of the things that there are. */
const isDerived = (path: string): boolean => path.includes('/derived/');
/** Side by side in one folder, tests beside them not counted. */
const mostFiles = 15;

/** What the rules need to know of a file. */
export interface SourceFile {
  /** From the project's root, with forward slashes: `src/graph/emit.ts`. */
  readonly path: string;
  readonly text: string;
  /** Module specifiers of all static, dynamic and type imports and re-exports. */
  readonly imports: readonly string[];
  readonly exportedNames: readonly string[];
  readonly defaultExport: boolean;
  readonly starExport: boolean;
  /** Which of the surroundings it uses. */
  readonly uses: readonly string[];
  /** Its texts, a value in one as "…". */
  readonly texts: readonly string[];
}

/** Facts of one TypeScript file. */
export function parseSource(path: string, text: string): SourceFile {
  const imports: string[] = [];
  const exportedNames: string[] = [];
  const uses = new Set<string>();
  const texts: string[] = [];
  let starExport = false;
  const visit = (node: ts.Node): void => {
    const specifier = moduleSpecifier(node);
    if (specifier !== undefined) imports.push(specifier);
    if (ts.isExportDeclaration(node)) {
      const clause = node.exportClause;
      if (clause === undefined || ts.isNamespaceExport(clause)) starExport = true;
      else exportedNames.push(...clause.elements.map(({ name }) => name.text));
    }
    if (ts.isExportAssignment(node)) exportedNames.push('default');
    exportedNames.push(...declaredExports(node));
    for (const name of [...surroundings, ...nodeGlobals]) if (isUseOf(node, name)) uses.add(name);
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date') {
      if (node.arguments?.length === 0) uses.add('new Date()');
    }
    if (ts.isTemplateExpression(node)) {
      const { head, templateSpans } = node;
      texts.push([head.text, ...templateSpans.map(({ literal }) => literal.text)].join('…'));
    }
    if (ts.isStringLiteralLike(node) && node.text !== specifier) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true));
  const defaultExport = exportedNames.includes('default');
  return {
    ...{ path, text, imports, exportedNames, texts },
    ...{ defaultExport, starExport, uses: [...uses] },
  };
}

function moduleSpecifier(node: ts.Node): string | undefined {
  let specifier: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    specifier = node.moduleSpecifier;
  } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    specifier = node.arguments[0];
  } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    specifier = node.argument.literal;
  }
  return specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : undefined;
}

function declaredExports(node: ts.Node): string[] {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  const has = (kind: ts.SyntaxKind): boolean => modifiers.some((one) => one.kind === kind);
  if (!has(ts.SyntaxKind.ExportKeyword)) return [];
  if (has(ts.SyntaxKind.DefaultKeyword)) return ['default'];
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.map(({ name }) => name.getText());
  }
  const name = ts.getNameOfDeclaration(node as ts.Declaration);
  return name === undefined ? [] : [name.getText()];
}

function isUseOf(node: ts.Node, name: string): boolean {
  if (!ts.isPropertyAccessExpression(node)) return false;
  const text = name.includes('.') ? node.getText() : node.expression.getText();
  return text === name || text === `globalThis.${name}`;
}

/** Every violation of every rule, each naming the file, the rule and the way out. */
export function violations(files: readonly SourceFile[]): string[] {
  const perFile = files.flatMap((file) =>
    isTest(file.path)
      ? formViolations(file)
      : [...formViolations(file), ...libraryViolations(file)],
  );
  return [...perFile, ...roomViolations(files), ...brokenImports(files), ...cycles(files)];
}

/** Folders that one can see at a glance, in which one guess finds a file. */
function roomViolations(files: readonly SourceFile[]): string[] {
  const sources = files.map(({ path }) => path).filter((path) => !isTest(path));
  const crowded = [...grouped(sources, posix.dirname)]
    .filter(([, paths]) => paths.length > mostFiles)
    .map(([folder, paths]) => `${folder}: ${paths.length} files side by side; group them by idea`);
  const named = sources.filter((path) => posix.basename(path) !== 'index.ts');
  const repeated = [...grouped(named, (path) => posix.basename(path))].flatMap(([name, paths]) => {
    // A command is named as what it runs, what a browser has of the platform as what Node has.
    const ideas = paths.filter((path) => !/^src\/(cli\/commands|platform\/browser)\//.test(path));
    if (ideas.length < 2 && paths.length - ideas.length < 2) return [];
    return [`${paths.join(', ')}: "${name}" names two ideas; name each by its own`];
  });
  return [...crowded, ...repeated];
}

const isTest = (path: string): boolean => path.endsWith('.test.ts');

/** The folder of `src` that a file is in; undefined for files at its root. */
function folderOf(path: string): string | undefined {
  const [, folder, ...rest] = path.split('/');
  return rest.length > 0 ? folder : undefined;
}

function targetOf(file: SourceFile, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : undefined;
}

function formViolations({ path, text, defaultExport, starExport }: SourceFile): string[] {
  const found: string[] = [];
  const limit = isTest(path) ? longestTest : longestSource;
  const lines = text.trimEnd().split('\n').length;
  if (lines > limit && !isDerived(path))
    found.push(`${path}: ${lines} lines, at most ${limit}; split it by idea`);
  const segments = path.replace(/(\.test)?\.ts$/, '').split('/');
  const drawer = segments.find((segment) => drawers.includes(segment));
  if (drawer !== undefined) found.push(`${path}: "${drawer}" says nothing; name the idea`);
  const unkebab = segments.find((segment) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(segment));
  if (unkebab !== undefined) found.push(`${path}: "${unkebab}" is not kebab-case`);
  if (defaultExport) found.push(`${path}: default export; export by name`);
  if (starExport) found.push(`${path}: "export *"; list the names`);
  return found;
}

function libraryViolations(file: SourceFile): string[] {
  const { path, text, imports, uses } = file;
  const folder = folderOf(path);
  const found: string[] = [];
  if (!text.startsWith('/** @file ')) found.push(`${path}: does not begin with "/** @file ... */"`);
  if (folder !== undefined && layerOf(folder) === -1) {
    found.push(`${path}: folder "${folder}" has no layer; add it to the layers of the test`);
  }
  for (const specifier of imports) {
    const target = targetOf(file, specifier);
    const reason =
      target === undefined ? packageViolation(path, specifier) : direction(folder, target);
    if (reason !== undefined) found.push(`${path}: imports ${target ?? specifier}: ${reason}`);
  }
  const inTwins = imports
    .map((specifier) => targetOf(file, specifier))
    .find((target) => target?.startsWith(twins));
  if (inTwins !== undefined && ![twins, ...knowTwins].some((place) => path.startsWith(place))) {
    found.push(
      `${path}: imports ${inTwins}: only in browsers is it there; import src/platform's own`,
    );
  }
  const isLoose = /new TextDecoder\(\)\.|await readFile\([^)]*'utf-?8'\)/.test(text);
  if (isLoose && !mayDecodeLoosely.includes(path) && !path.startsWith('src/formats/text')) {
    found.push(`${path}: replaces bytes that are not UTF-8; use readText() or decodeText()`);
  }
  const own = path.startsWith('src/cli/commands/') ? ownAction.exec(text)?.[0] : undefined;
  if (own !== undefined) found.push(`${path}: "${own}": a command works and speaks by addAction()`);
  for (const use of uses) {
    if (nodeGlobals.includes(use)) {
      if (mayUseNode.includes(folder ?? '')) continue;
      found.push(`${path}: uses ${use}; only ${mayUseNode.join(', ')} may: ask platform`);
    } else if (
      folder !== 'cli' &&
      !path.startsWith(twins) &&
      !(clocks.includes(use) && hasClock(path))
    ) {
      found.push(`${path}: uses ${use}; only cli may: take an argument or emit an event`);
    }
  }
  for (const line of file.texts.flatMap((each) => each.split('\n'))) {
    const reason = folder === 'cli' ? unquotedValue(line) : wordOfCommand(line);
    if (reason !== undefined) found.push(`${path}: "${line}": ${reason}`);
  }
  return found;
}

function unquotedValue(line: string): string | undefined {
  return new RegExp(`${typedCommand.source}.*…`).test(line)
    ? 'a value in a command to type may need quotes; commandLine()'
    : undefined;
}

/** The library is also called by programs, which have no flags. */
function wordOfCommand(line: string): string | undefined {
  return typedCommand.test(line) || typedFlag.test(line)
    ? 'only cli speaks of commands and flags; name the setting in backquotes'
    : undefined;
}

const layerOf = (folder: string): number => layers.findIndex((layer) => layer.includes(folder));

function packageViolation(path: string, specifier: string): string | undefined {
  const door = Object.hasOwn(doors, specifier) ? doors[specifier] : undefined;
  if (door !== undefined && path !== door) return `only ${door} may; ask it`;
  const folder = folderOf(path);
  return nodePackages.test(specifier) && !mayUseNode.includes(folder ?? '')
    ? `only ${mayUseNode.join(', ')} may; ask platform`
    : undefined;
}

function direction(folder: string | undefined, target: string): string | undefined {
  const other = folderOf(target);
  if (!target.startsWith('src/')) return 'leaves src';
  if (isTest(target)) return 'a test is not a library';
  if (folder === other) return undefined;
  if (other === undefined) return 'files at the root of src are entries, nothing imports them';
  if (folder === undefined) return other === 'cli' ? 'the library does not know cli' : undefined;
  const [own, its] = [layerOf(folder), layerOf(other)];
  if (its < own) return undefined;
  return its === own
    ? `${folder} and ${other} are one layer and do not know each other`
    : `${folder} lies before ${other}; imports go the other way`;
}

function brokenImports(files: readonly SourceFile[]): string[] {
  const known = new Set(files.map(({ path }) => path));
  return files.flatMap((file) =>
    file.imports.flatMap((specifier) => {
      const target = targetOf(file, specifier);
      const isSound = target === undefined || !target.startsWith('src/') || known.has(target);
      return isSound ? [] : [`${file.path}: imports ${target}, which is no file of src`];
    }),
  );
}

/** One violation per file that closes a ring of imports, type imports included. */
function cycles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const finished = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const file = byPath.get(path);
    if (file === undefined || finished.has(path)) return;
    if (trail.includes(path)) {
      const ring = [...trail.slice(trail.indexOf(path)), path];
      found.push(`${path}: import cycle ${ring.join(' → ')}; move what both need to a third file`);
      return;
    }
    for (const specifier of file.imports) {
      visit(targetOf(file, specifier) ?? '', [...trail, path]);
    }
    finished.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}

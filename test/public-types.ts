/** @file Which types the signatures of a module's exports name that the module itself does not export. */
import { relative } from 'node:path';
import ts from 'typescript';

/** A type of ours that somebody who holds an export meets and cannot name. */
export interface UnnamedType {
  readonly name: string;
  /** The export, or another such type, whose signature names it first. */
  readonly namedBy: string;
  /** Where it is declared, from the root. */
  readonly path: string;
}

/**
 * The types of `root`/src that what `entry` exports is made of, and that `entry` does not export.
 *
 * Bodies, private members and what begins with # are no signatures; an inferred type counts as if it were written. What
 * a type is composed of (`extends`, `&`, `Pick`, `Omit`) nobody holds by itself: only its members count.
 */
export function unnamedTypes(program: ts.Program, entry: string, root: string): UnnamedType[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry} is no module of the program`);
  const exported = new Set(
    checker.getExportsOfModule(module).map((symbol) => declared(checker, symbol)),
  );
  const found = new Map<ts.Symbol, UnnamedType>();
  const waiting = [...exported];
  for (const symbol of waiting) {
    for (const named of namedIn(checker, symbol)) {
      const path = placeOf(named, root);
      if (path === undefined || exported.has(named) || found.has(named)) continue;
      found.set(named, { name: named.name, namedBy: symbol.name, path });
      waiting.push(named);
    }
  }
  return [...found.values()];
}

/** What an alias stands for. */
function declared(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** File of a type of ours; undefined of a parameter of a type, and of types of the language and of packages. */
function placeOf(symbol: ts.Symbol, root: string): string | undefined {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined || ts.isTypeParameterDeclaration(declaration)) return undefined;
  const path = relative(root, declaration.getSourceFile().fileName).replaceAll('\\', '/');
  return path.startsWith('src/') ? path : undefined;
}

/** What the signatures of a symbol name. */
function namedIn(checker: ts.TypeChecker, symbol: ts.Symbol): readonly ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const add = (symbol: ts.Symbol | undefined) => {
    if (symbol !== undefined) found.push(declared(checker, symbol));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node) || isHidden(node)) return;
    if (isComposed(node)) {
      for (const member of checker.getTypeAtLocation(node).getProperties()) {
        for (const declaration of member.declarations ?? []) visit(declaration);
      }
      return;
    }
    if (ts.isTypeReferenceNode(node)) add(symbolOf(checker, node.typeName));
    if (ts.isImportTypeNode(node) && node.qualifier) add(symbolOf(checker, node.qualifier));
    const inferred = inferredType(checker, node);
    if (inferred !== undefined) visit(inferred);
    // A value says nothing that its type does not.
    ts.forEachChild(node, (child) => {
      if (!ts.isExpression(child) || ts.isExpressionWithTypeArguments(child)) visit(child);
    });
  };
  for (const declaration of symbol.declarations ?? []) visit(declaration);
  return found;
}

/** Part of what another type is composed of. */
function isComposed(node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node)) return true;
  if (!ts.isTypeReferenceNode(node)) return false;
  const { typeName } = node;
  const isPart = ts.isIdentifier(typeName) && ['Pick', 'Omit'].includes(typeName.text);
  return isPart || (node.pos >= 0 && ts.isIntersectionTypeNode(node.parent));
}

function isHidden(node: ts.Node): boolean {
  if (!ts.isClassElement(node)) return false;
  const isPrivate =
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  return isPrivate === true || (node.name !== undefined && ts.isPrivateIdentifier(node.name));
}

/** Nodes that the compiler made of a type know their symbol and stand in no file. */
function symbolOf(checker: ts.TypeChecker, name: ts.Node): ts.Symbol | undefined {
  const own = 'symbol' in name ? (name.symbol as ts.Symbol | undefined) : undefined;
  return own ?? (name.pos < 0 ? undefined : checker.getSymbolAtLocation(name));
}

/** The type that a declaration without one has. */
function inferredType(checker: ts.TypeChecker, node: ts.Node): ts.TypeNode | undefined {
  const flags = ts.NodeBuilderFlags.NoTruncation;
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isGetAccessor(node)) {
    const signature = node.type ? undefined : checker.getSignatureFromDeclaration(node);
    return signature && checker.typeToTypeNode(signature.getReturnType(), node, flags);
  }
  const holds = ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node);
  if (!holds || node.type !== undefined) return undefined;
  return checker.typeToTypeNode(checker.getTypeAtLocation(node), node, flags);
}

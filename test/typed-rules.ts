/** @file Rules of the source tree for which the types must be known, as functions from a program to violations in words. */
import { relative } from 'node:path';
import ts from 'typescript';

/**
 * Loops over every number of tensors, pictures or files, where a check in each turn would cost: bounds follow from the
 * lengths of the typed arrays beside the loop. Elements of other lists are checked here too.
 */
const kernels: readonly (string | RegExp)[] = [
  /^src\/tensor\//,
  /^src\/optim\//,
  'src/adapters/algebra/magnitude.ts',
  'src/base/mersenne-twister.ts',
  'src/base/torch-random.ts',
  'src/convert/checkpoint-change.ts',
  'src/convert/forms.ts',
  'src/convert/kronecker-lora.ts',
  'src/data/resize.ts',
  'src/data/transforms.ts',
  'src/diffusion/combination.ts',
  'src/diffusion/noise-offset.ts',
  'src/exchange/methods/matrices.ts',
  'src/exchange/methods/rotations/skew-blocks.ts',
  'src/formats/crc.ts',
  'src/formats/text.ts',
  'src/generate/lettering/coverage.ts',
  'src/merge/concepts/constrained-change.ts',
  'src/merge/site-changes.ts',
  /^src\/metrics\/appearance\//,
  'src/metrics/cosine.ts',
  'src/metrics/scene-direction.ts',
  'src/pipeline/adapters/delta-weights.ts',
  'src/pipeline/draw/autoencoder.ts',
  'src/pipeline/draw/mask.ts',
  'src/pipeline/draw/sampling-start.ts',
  'src/runtime/segmented-session.ts',
  'src/storage/weights/weight-place.ts',
  'src/train/pictures/picture-traits.ts',
  'src/train/trainer.ts',
];

/** What the compiler knows of the files of `src` under `root`, those of `own` as given and others from the disk. */
export function programOf(root: string, own?: ReadonlyMap<string, string>): ts.Program {
  const read = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(read.config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile;
  host.readFile = (path) => own?.get(path) ?? readFile(path);
  host.fileExists = (path) => own?.has(path) || ts.sys.fileExists(path);
  const names = own === undefined ? fileNames.filter((path) => isSource(root, path)) : own.keys();
  return ts.createProgram([...names], options, host);
}

function isSource(root: string, path: string): boolean {
  return relative(root, path).startsWith('src') && !path.endsWith('.test.ts');
}

/** Elements of lists that fall back to a value where there is none: a wrong index would be a wrong number. */
export function fallbackViolations(program: ts.Program, root: string): string[] {
  const checker = program.getTypeChecker();
  const sources = program.getSourceFiles().filter(({ fileName }) => isSource(root, fileName));
  return sources.flatMap((source) => {
    const path = relative(root, source.fileName).replaceAll('\\', '/');
    const isKernel = kernels.some((one) =>
      typeof one === 'string' ? one === path : one.test(path),
    );
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      const list = listWithFallback(node);
      const kind = list === undefined ? 'other' : kindOf(checker, list);
      if (kind === 'list' || (kind === 'numbers' && !isKernel)) {
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        const text = node.getText().replaceAll(/\s+/g, ' ');
        found.push(
          `${path}:${line}: "${text}" hides a wrong index; required(), lastOf(), axisSize(), or a default in a pattern where it may be absent`,
        );
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** What `list[i] ?? other` and `list.at(i) ?? other` are about. */
function listWithFallback(node: ts.Node): ts.Expression | undefined {
  if (!ts.isBinaryExpression(node)) return undefined;
  if (node.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken) return undefined;
  let left = node.left;
  while (ts.isParenthesizedExpression(left)) left = left.expression;
  if (ts.isElementAccessExpression(left)) {
    return left.questionDotToken === undefined ? left.expression : undefined;
  }
  if (!ts.isCallExpression(left) || !ts.isPropertyAccessExpression(left.expression)) {
    return undefined;
  }
  const { name, expression } = left.expression;
  return name.text === 'at' ? expression : undefined;
}

/** A group of a regular expression, a record's entry or a text's letter may be absent: they are no lists. */
function kindOf(checker: ts.TypeChecker, list: ts.Expression): 'numbers' | 'list' | 'other' {
  const type = checker.getNonNullableType(checker.getTypeAtLocation(list));
  const each = type.isUnion() ? type.types : [type];
  const names = each.map((one) => one.getSymbol()?.name ?? '');
  if (
    names.every((name) => /^(?:Big)?(?:Float|U?[Ii]nt)\d+(?:Clamped)?Array$|^ArrayLike$/.test(name))
  ) {
    return 'numbers';
  }
  return each.some((one) => checker.isArrayType(one) || checker.isTupleType(one))
    ? 'list'
    : 'other';
}

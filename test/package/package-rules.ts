/** @file What the published package must be: its size, what it leaves out, and that all it exports is used. */
import * as z from 'zod';

/** Bytes of the tarball; the bundled model alone takes 20 MB of them. */
export const largestPackage = 25_000_000;

const packedSchema = z.tuple([
  z.looseObject({
    filename: z.string(),
    files: z.array(z.looseObject({ path: z.string() })),
  }),
]);

/** What `npm pack --json` says. */
export function packedFiles(json: string) {
  return packedSchema.parse(JSON.parse(json));
}

/** Of a package's files, those that are of no use to who installs it. */
export function unwantedFiles(paths: readonly string[]): string[] {
  const unwanted =
    /^(docs\/.*\.(png|svg|webp)|docs\/figures|test|bench|src|experiments\/results)|\.test\.|tsbuildinfo$|^dist\/.*\.map$/;
  return paths.filter((path) => unwanted.test(path));
}

const manifestSchema = z.looseObject({
  name: z.string(),
  exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])),
});

/** A program that imports everything that a manifest exports and fails where there is nothing in it. */
export function exportsProgram(manifest: string): {
  readonly names: string[];
  readonly program: string;
} {
  const { name, exports } = manifestSchema.parse(JSON.parse(manifest));
  const names = Object.keys(exports).map((path) => path.replace(/^\./, name));
  const imports = names.map((from, n) => {
    const json = from.endsWith('.json') ? " with { type: 'json' }" : '';
    return json === ''
      ? `import * as part${n} from '${from}';`
      : `import part${n} from '${from}'${json};`;
  });
  const parts = names.map((from, n) => `['${from}', part${n}]`);
  const program = `${imports.join('\n')}
for (const [from, part] of [${parts.join(', ')}]) {
  if (Object.keys(part).length === 0) throw new Error(\`\${from} exports nothing\`);
}
`;
  return { names, program };
}

/** @file Results of sweeps as they would be, with seeded numbers and real thumbnails, for tests and for looking at. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { decodeImage, encodeWebp, type Image } from '../../src/data/image.ts';
import { type PocketSubject, pocketPrompts, pocketSubjects } from '../../src/data/pocket.ts';
import { tiledPictures } from '../../src/data/tiled-pictures.ts';
import { resultsSchema, type SweepResults } from '../../src/experiments/sweep/run/results.ts';
import { type Scalar, sweepSchema } from '../../src/experiments/sweep/spec/spec.ts';
import { readBytes } from '../../src/storage/files/binary-file.ts';

/** A variant as an example states it: how good it is, and what it takes. */
export interface ExampleVariant {
  readonly name: string;
  readonly case?: string;
  readonly factors?: Readonly<Record<string, Scalar>>;
  readonly parameters?: number;
  /** Expected DINO, CLIP-I and CLIP-T; absent, nothing is measured. */
  readonly means?: readonly [dino: number, clipI: number, clipT: number];
  readonly trained?: boolean;
}

export interface Example {
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly variants: readonly ExampleVariant[];
  /** @default 12 */
  readonly subjects?: number;
  /** @default 4 */
  readonly prompts?: number;
  readonly missing?: SweepResults['missing'];
  /** Whether it has a sheet. @default false */
  readonly pictures?: boolean;
}

const columns = 16;

/** Results with scores around the stated means: a subject is as hard for all variants, and a seed scatters a little. */
export async function exampleResults(example: Example): Promise<SweepResults> {
  const spec = sweepSchema.parse(example.spec);
  const subjects = (await pocketSubjects()).slice(0, example.subjects ?? 12);
  const prompts = await pocketPrompts();
  const templates = (type: 'live' | 'object') =>
    prompts[type]
      .slice(0, example.prompts ?? 4)
      .map((template, i) => ({ number: i + 1, template }));
  const measured = example.variants.some(({ means }) => means !== undefined);
  const cells = example.variants.flatMap((variant, i) =>
    variant.means === undefined
      ? []
      : subjects.flatMap((subject, s) =>
          spec.seeds.map((seed) =>
            cellOf({ variant, i, subject, s, seed, prompts: templates(subject.type).length }),
          ),
        ),
  );
  return resultsSchema.parse({
    version: '1',
    name: example.name,
    spec,
    ...(measured && { encoders: { clip: 'pocket', dino: 'pocket' } }),
    subjects: !measured
      ? []
      : subjects.map(({ name, className, type }, s) => ({
          name,
          className,
          phrase: `sks ${className}`,
          type,
          prompts: templates(type),
          real: { dino: 0.86 + 0.01 * (s % 5), clipI: 0.6 + 0.01 * (s % 7) },
        })),
    variants: example.variants.map((variant) => variantOf(variant, spec)),
    cells: cells.filter(({ key }) => !example.missing?.some(({ cell }) => cell === key)),
    missing: example.missing ?? [],
    ...(example.pictures && { sheet: sheetOf(example, subjects, templates) }),
  });
}

function variantOf(
  { name, case: ofCase = name, factors = {}, parameters, trained = true }: ExampleVariant,
  spec: SweepResults['spec'],
) {
  const under = (prefix: string) =>
    Object.fromEntries(
      Object.entries(factors).flatMap(([path, value]) =>
        path.startsWith(prefix) ? [[path.slice(prefix.length), value]] : [],
      ),
    );
  return {
    name,
    case: ofCase,
    factors,
    ...(parameters === undefined ? {} : { parameters }),
    settings: {
      ...(trained && {
        train: {
          adapter: /lora/i.test(name) ? 'lora' : 'krona',
          adapterOptions: { a1: 8, a2: 16, ...under('adapter.') },
          steps: 300,
          learningRate: 0.003,
          batchSize: 4,
          optimizer: 'adamw',
          ...spec.train,
          ...under('train.'),
        },
      }),
      draw: { steps: 25, guidance: 5, sampler: 'ddim', count: 4, ...spec.draw },
    },
  };
}

interface CellFacts {
  readonly variant: ExampleVariant;
  readonly i: number;
  readonly subject: PocketSubject;
  readonly s: number;
  readonly seed: number;
  readonly prompts: number;
}

function cellOf({ variant, i, subject, s, seed, prompts }: CellFacts) {
  const [dino = 0, clipI = 0, clipT = 0] = variant.means ?? [];
  const own = new TorchGenerator(1000 * i + 10 * s + seed);
  const hard = new TorchGenerator(s).randn(3);
  const trained = variant.trained !== false;
  const seconds = 30 + 3 * i + 2 * (own.rand(1)[0] ?? 0);
  return {
    key: `${variant.name}/${subject.name}/${seed}`,
    variant: i,
    subject: subject.name,
    seed,
    prompts: Array.from({ length: prompts }, () => {
      const noise = own.randn(5);
      const around = (centre: number, k: number, spread: number) =>
        centre + spread * (hard[k] ?? 0) + 0.02 * (noise[k] ?? 0);
      return {
        dino: around(dino, 0, 0.08),
        clipI: around(clipI, 1, 0.06),
        clipT: around(clipT, 2, 0.03),
        nearestDino: 0.8 + 0.02 * (noise[3] ?? 0),
        diversityDino: 0.2 + 0.02 * (noise[4] ?? 0),
      };
    }),
    ...(trained && { drift: driftOf(i, own) }),
    cost: {
      worker: 'machine-1',
      device: 'cpu',
      ...(trained && { trainSeconds: seconds, stepSeconds: seconds / 300 }),
      drawSeconds: 9,
      pictures: 4 * prompts,
      memoryBytes: 410e6 + 2e6 * i,
    },
  };
}

function driftOf(i: number, generator: TorchGenerator) {
  const [clip = 0, dino = 0] = generator.randn(2);
  return { driftClip: 0.93 - 0.01 * i + 0.02 * clip, driftDino: 0.9 - 0.01 * i + 0.03 * dino };
}

type Templates = (type: 'live' | 'object') => readonly { readonly number: number }[];

function sheetOf(
  example: Example,
  subjects: readonly PocketSubject[],
  templates: Templates,
): NonNullable<SweepResults['sheet']> {
  const shown = subjects.slice(0, 2);
  return {
    columns,
    width: 64,
    height: 64,
    real: shown.flatMap(({ name }) => [1, 2, 3, 4].map((number) => ({ subject: name, number }))),
    pictures: example.variants.flatMap(({ name }, variant) =>
      shown.flatMap((subject) =>
        templates(subject.type).map(({ number }) => ({
          key: `${name}/${subject.name}/0`,
          variant,
          subject: subject.name,
          prompt: number,
          seed: 0,
          drawSeed: 0,
        })),
      ),
    ),
  };
}

/** The sheet of thumbnails of results: real pictures of the bundled subjects, whatever they are said to show. */
async function sheetImage(sheet: NonNullable<SweepResults['sheet']>): Promise<Image> {
  const subjects = await pocketSubjects();
  const load = async (name: string, number: number): Promise<Image> => {
    const { images = [] } = subjects.find((subject) => subject.name === name) ?? {};
    const path = images[number % images.length] ?? '';
    return decodeImage(await readBytes(path), path);
  };
  const images = await Promise.all([
    ...sheet.real.map(({ subject, number }) => load(subject, number - 1)),
    ...sheet.pictures.map(({ subject, prompt, variant }) => load(subject, prompt + variant)),
  ]);
  return tiledPictures(images, sheet.columns);
}

/** Writes results and their sheet into a folder, as a sweep would. */
export async function writeExample(folder: string, results: SweepResults): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${results.name}.json`);
  await writeFile(path, JSON.stringify(results, undefined, 1));
  if (results.sheet !== undefined) {
    const bytes = await encodeWebp(await sheetImage(results.sheet));
    await writeFile(join(folder, `${results.name}.webp`), bytes);
  }
  return path;
}

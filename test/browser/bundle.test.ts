/** @file What a browser can have: bundles of the library without Node, and a training loop that computes the same there. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { expect, test } from 'vitest';
import { initialTensors } from '../../src/adapters/index.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { optimizers } from '../../src/optim/optimizers.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { latentShape } from '../../src/pipeline/draw/autoencoder.ts';
import { uncropped } from '../../src/pipeline/text/conditioning.ts';
import { defaultEngine } from '../../src/platform/engine-default.ts';
import { drawNormal } from '../../src/tensor/tensor.ts';
import { BatchSource } from '../../src/train/pictures/batches.ts';
import { resolveConfig } from '../../src/train/resolve-options.ts';
import { StepPrograms } from '../../src/train/sized-steps.ts';
import { trainLoop } from '../../src/train/trainer.ts';
import { planTraining, type TrainPlan } from '../../src/train/training-plan.ts';

const root = join(import.meta.dirname, '../..');

/** What the training loop asks of the platform, as a page could answer it; there, `engine` would be ORT's for browsers. */
const twins: Readonly<Record<string, string>> = {
  'engine-default.ts': 'export const defaultEngine = engine;',
  'machine.ts': 'export const residentMemory = () => 0;',
  'paths.ts': `
    export const sep = '/';
    export const dirname = (path) => path.slice(0, path.lastIndexOf('/'));
    export const relative = (from, to) => to.slice(from.length + 1);
  `,
};

/** Bundles what a text exports; anything of Node that is left, or that a twin does not have, fails. */
async function bundled(contents: string): Promise<{ code: string; sources: string[] }> {
  const result = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'library',
    target: 'es2022',
    metafile: true,
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'twins',
        setup: ({ onLoad }) =>
          onLoad({ filter: /\/src\/platform\// }, ({ path }) => {
            const twin = twins[basename(path)];
            if (twin === undefined) return { errors: [{ text: `${path} has no twin` }] };
            return { contents: twin };
          }),
      },
    ],
  });
  const [file] = result.outputFiles;
  return { code: file?.text ?? '', sources: sourcesOf(result.metafile) };
}

const sourcesOf = ({ inputs }: Metafile): string[] =>
  Object.keys(inputs).filter((path) => path.startsWith('src/'));

test('the whole library is bundled by the map of the package, with nothing of Node', async () => {
  const { metafile } = await build({
    ...{ entryPoints: ['src/index.ts', 'src/api/browser.ts'], absWorkingDir: root },
    ...{ bundle: true, splitting: true, format: 'esm', target: 'es2022' },
    ...{ outdir: 'unwritten', write: false, metafile: true, logLevel: 'silent' },
  });
  const doors = sourcesOf(metafile).filter((path) => /^src\/platform\/[^/]*$/.test(path));
  // Types alone are in these.
  expect(doors).toEqual([]);
});

test('the map of the package has every twin, of the sources and of what is built', () => {
  const { browser } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = (folder: string) =>
    readdirSync(join(root, folder)).filter((name) => name.endsWith('.ts'));
  const twinned = names('src/platform').filter((name) =>
    names('src/platform/browser').includes(name),
  );
  const mapped = twinned.flatMap((name) => [
    [`./src/platform/${name}`, `./src/platform/browser/${name}`],
    ...[name.replace(/ts$/, 'js')].map((script) => [
      `./dist/platform/${script}`,
      `./dist/platform/browser/${script}`,
    ]),
  ]);
  expect(browser).toEqual(Object.fromEntries(mapped));
});

test.each([
  ['graph/index'],
  ['nn/index'],
  ['adapters/index'],
  ['models/unet/unet'],
  ['models/clip/clip-text'],
  ['models/clip/vision'],
  ['models/vae/vae'],
  ['models/vit/vit'],
  ['diffusion/samplers/index'],
  ['diffusion/noise-schedule'],
  ['diffusion/loss-weights'],
  ['optim/optimizers'],
  ['optim/learning-rate'],
  ['data/tokenizer'],
  ['data/transforms'],
  ['data/buckets'],
  ['exchange/read-adapter'],
])('%s asks nothing of the platform', async (entry) => {
  const { sources } = await bundled(`export * from './src/${entry}.ts';`);
  expect(sources).toContain(`src/${entry}.ts`);
  expect(sources.filter((path) => /^src\/(platform|storage)\//.test(path))).toEqual([]);
});

/** The training loop and its parts, from the sources or from a bundle. */
interface Library {
  readonly trainLoop: typeof trainLoop;
  readonly StepPrograms: typeof StepPrograms;
  readonly BatchSource: typeof BatchSource;
}

test('the training loop, bundled for a browser and run without what only Node has, trains the same', async () => {
  const { code, sources } = await bundled(`
    export { trainLoop } from './src/train/trainer.ts';
    export { StepPrograms } from './src/train/sized-steps.ts';
    export { BatchSource } from './src/train/pictures/batches.ts';
  `);
  const doors = sources.filter((path) => /^src\/(platform|storage)\//.test(path));
  expect(doors.sort()).toEqual(Object.keys(twins).map((name) => `src/platform/browser/${name}`));
  const run = new Function('engine', 'process', 'Buffer', `${code}; return library;`);
  const there: Library = run(defaultEngine);
  const base = await openBaseModel('pocket');
  const config = resolveConfig(
    {
      base: 'pocket',
      images: 'pictures',
      subject: 'sks dog',
      out: 'run',
      resolution: 32,
      steps: 2,
    },
    base.recommendation,
  );
  const plan = planTraining(config, base);
  const expected = await train(plan, { trainLoop, StepPrograms, BatchSource });
  expect(expected.losses).toHaveLength(2);
  expect(await train(plan, there)).toEqual(expected);
});

/** Trains on random latents, and gives the loss of every step and the parameters at the end. */
async function train(plan: TrainPlan, library: Library) {
  const { config, base, placed, trained, schedule, predictionType, size } = plan;
  const generator = new TorchGenerator(0);
  const parameters = new Map(placed.flatMap((each) => [...initialTensors(each, generator)]));
  const moments = () => drawNormal(generator, latentShape(base, size));
  const picture = { mean: moments(), deviation: moments(), framing: uncropped(size) };
  const { contextSize } = base.unet.config;
  const [encoder] = base.textEncoders;
  const states = drawNormal(generator, [1, encoder?.config.positions ?? 0, contextSize]);
  const subject = {
    pictures: [{ ...picture, text: 0, repeats: 1 }],
    texts: [{ states, pooled: undefined }],
  };
  const settings = { ...config, base, placed, schedule, predictionType };
  const dataset = { subject, prior: undefined };
  const order = { subject: [], prior: [] };
  const batches = new library.BatchSource({ ...settings, dataset }, generator, order);
  const optimizer = optimizers[config.optimizer](config).init(parameters);
  const state = { step: 0, parameters, optimizer, average: undefined, generator, order };
  const losses: number[] = [];
  await using program = new library.StepPrograms(base, plan);
  await library.trainLoop({
    config,
    state,
    trained,
    rateFactors: plan.rateFactors,
    program,
    batches,
    learningRateAt: plan.learningRateAt,
    report: async (event) => {
      if (event.type === 'step') losses.push(event.loss);
    },
    save: async () => {},
    saveAsked: () => false,
    validate: async () => {},
    preview: async () => {},
    signal: new AbortController().signal,
    now: () => 0,
  });
  return { losses, parameters: state.parameters };
}

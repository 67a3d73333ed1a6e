/** @file A frozen UNet in eight bits: what that does to gradients and runs, and where it is refused. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomConditioning } from '../../bench/conditioning.ts';
import { initialTensors } from '../../src/adapters/index.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { type BasePrecision, withPrecision } from '../../src/pipeline/precision/base-precision.ts';
import { withStoredPrecision } from '../../src/pipeline/precision/stored-precision.ts';
import { elementCount, float32, type Shape, type Tensor } from '../../src/tensor/tensor.ts';
import { readEvents, stepsOf } from '../../src/train/folder/read-events.ts';
import { resolveConfig } from '../../src/train/resolve-options.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import { StepProgram } from '../../src/train/step-program.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { planTraining } from '../../src/train/training-plan.ts';

let folder: string;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-precision-'));
  environment = { KRONA_CACHE: join(folder, 'cache') };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const now = () => Date.now();
const pocket = await openBaseModel('pocket');

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    ...{ images: 'models/pocket/subjects/teapot', subject: 'sks teapot' },
    ...{ steps: 4, batchSize: 1, checkpointEvery: 2, keepCheckpoints: 5, seed: 3 },
    ...{ basePrecision: 'int8', out: join(folder, name) },
    ...more,
  };
}

/** The gradients of one step on given noise, of an adapter that is not zero. */
async function gradients(basePrecision: BasePrecision): Promise<readonly number[]> {
  const config = resolveConfig(options('none', { basePrecision }), pocket.recommendation);
  const plan = planTraining(config, pocket);
  const base = await withStoredPrecision(plan.base, { environment });
  await using program = await StepProgram.open(base, plan);
  const random = new TorchGenerator(0);
  const normal = (shape: Shape) => float32(shape, random.randn(elementCount(shape)));
  const smaller = ({ shape, data }: Tensor<'f32'>) =>
    float32(
      shape,
      data.map((each) => each / 20),
    );
  const parameters = plan.placed
    .flatMap((each) => [...initialTensors(each, random)])
    .map(([name, { shape }]) => [name, smaller(normal(shape))] as const);
  const { gradients } = await program.run(
    {
      sample: normal(plan.sampleShape),
      target: normal(plan.sampleShape),
      timesteps: Int32Array.of(500),
      conditioning: randomConditioning(pocket, 1, normal),
      weights: float32([1], [1]),
    },
    new Map(parameters),
  );
  return [...gradients.values()].flatMap(({ data }) => [...data]);
}

const product = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

test('the gradients of an adapter point where those of float32 do', async () => {
  const exact = await gradients('stored');
  for (const precision of ['int8', 'int8-weights'] as const) {
    const rounded = await gradients(precision);
    const [length, of] = [Math.sqrt(product(rounded, rounded)), Math.sqrt(product(exact, exact))];
    // A product is off by about 1 % of its length: half a step of 127 levels, of Gaussian numbers that reach to four
    // deviations. The errors of some thirty layers add up as random ones do, to some 3 to 5 % of the gradient's length,
    // across it for the most part: a cosine of 1 - 0.05² / 2.
    expect(product(rounded, exact) / (length * of)).toBeGreaterThan(0.998);
    expect(length / of).toBeCloseTo(1, 1);
  }
});

test('a run is the same bytes after an interruption, and goes on in no other precision', async () => {
  const host = { now, hub: { environment } };
  await startRun(options('whole'), host);
  const stop = new AbortController();
  await startRun(options('cut'), {
    ...host,
    signal: stop.signal,
    listener: (event) => {
      if (event.type === 'checkpoint' && event.step === 2) stop.abort();
    },
  });
  const record = join(folder, 'cut', 'run.json');
  const text = await readFile(record, 'utf8');
  expect(text).toContain('"basePrecision": "int8"');
  await writeFile(record, text.replace('"basePrecision": "int8"', '"basePrecision": "stored"'));
  await expect(resumeRun(join(folder, 'cut'), host)).rejects.toMatchObject({
    code: 'RUN_CHANGED',
    message: expect.stringContaining('`basePrecision: "stored"`, it was made with "int8"'),
  });
  await writeFile(record, text);
  await resumeRun(join(folder, 'cut'), host);
  const adapter = (name: string) => readFile(join(folder, name, 'adapter.safetensors'));
  expect(await adapter('cut')).toEqual(await adapter('whole'));
  const steps = stepsOf(await readEvents(join(folder, 'whole', 'events.jsonl')));
  expect(steps.every(({ loss }) => Number.isFinite(loss))).toBe(true);
});

test('weights are rounded once, and again where the cache is damaged', async () => {
  const own = { environment: { KRONA_CACHE: join(folder, 'own') } };
  const base = withPrecision(pocket, 'int8');
  let begun = 0;
  const host = { ...own, onStart: () => begun++ };
  await withStoredPrecision(base, host);
  await withStoredPrecision(base, host);
  expect(begun).toBe(1);
  const [file = ''] = await readdir(join(folder, 'own', 'eight-bits'));
  const path = join(folder, 'own', 'eight-bits', file);
  const { size } = await stat(path);
  await writeFile(path, (await readFile(path)).subarray(0, size / 2));
  const { unet } = await withStoredPrecision(base, host);
  expect(begun).toBe(2);
  expect((await stat(path)).size).toBe(size);
  // What stands before and after the blocks, and what is made of the time, stays as stored.
  const rounded = [...unet.weights.places].filter(([, { eightBits }]) => eightBits !== undefined);
  expect(rounded.length).toBeGreaterThan(0);
  for (const [name, { entry }] of rounded) {
    expect(name).toMatch(/^(down_blocks|mid_block|up_blocks)\./);
    expect(name).not.toMatch(/time_emb_proj/);
    expect([2, 4]).toContain(entry.shape.length);
  }
});

test('it is for the CPU alone', async () => {
  expect(() => withPrecision({ ...pocket, device: 'webgpu' }, 'int8')).toThrow(
    expect.objectContaining({
      code: 'BASE_PRECISION',
      message: expect.stringContaining(
        'basePrecision: int8 is computed on the CPU alone, not on webgpu',
      ),
    }),
  );
});

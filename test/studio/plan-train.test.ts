/** @file What trainings would be, over the real server: values and their sources, figures, problems, the command. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Plan, plan } from '../../src/plan/plan.ts';
import type { Settings } from '../../src/studio/interface/operation-shapes.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

const bases = [
  'pocket',
  'stable-diffusion-v1-5/stable-diffusion-v1-5',
  'stabilityai/stable-diffusion-2-1',
  'stabilityai/stable-diffusion-xl-base-1.0',
];
/** What the command says of them. Before there is a server, which would not answer meanwhile. */
const counted = new Map<string, Plan>();
const traced = await plan({ memory: true, batchSize: 4 });
for (const base of bases) counted.set(base, await plan({ base }, { hub: { offline: true } }));

let studio: TestStudio;
beforeAll(async () => {
  studio = await startStudio();
});
afterAll(async () => {
  expect(studio.log).toEqual([]);
  await studio[Symbol.asyncDispose]();
});

const teapot = { images: 'pocket-teapot', subject: 'sks teapot' };
const planned = (settings: Settings) =>
  studio.ask('plan.train', { settings: { ...teapot, ...settings } });

/** Once memory and time are worked out. */
async function reckoned(settings: Settings) {
  for (;;) {
    const preview = await planned(settings);
    if (!preview.isReckoning) return preview;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

// First: of a step of the method that was traced with other options before, memory is told by the parameters it has more.
test('memory and time are worked out once for a step, and told of', async () => {
  const { plan: figures } = await reckoned({ steps: 10 });
  expect(figures).toMatchObject({ isMeasured: false });
  const [whole] = traced.kind === 'adapter' ? (traced.memory?.plans ?? []) : [];
  expect(figures?.memoryBytes).toBe(whole?.bytes);
  const { isReckoning, plan: longer } = await planned({ steps: 20, learningRate: 0.1 });
  expect(isReckoning).toBe(false);
  expect(longer?.seconds).toBeCloseTo(2 * (figures?.seconds ?? 0));
  const { problems } = await reckoned({ memory: '1MB' });
  expect(problems).toMatchObject([{ code: 'MEMORY_TOO_SMALL', key: 'memory', isBlocking: true }]);
  const stepOfPocket = async () => (await studio.ask('bases.step', { base: 'pocket' })).step;
  await expect
    .poll(stepOfPocket, { timeout: 60_000 })
    .toMatchObject({ memoryBytes: whole?.bytes, fits: true });
});

test('values come from the base, the method, the optimiser, our defaults, or the person', async () => {
  const { values, problems } = await planned({ adapter: 'lora', optimizer: 'lion', steps: 60 });
  expect(problems).toEqual([]);
  expect(values).toMatchObject({
    steps: { value: 60, source: 'given' },
    batchSize: { value: 4, source: 'base model' },
    resolution: { value: 64, source: 'base model' },
    targets: { value: ['attention'], source: 'method' },
    weightDecay: { value: 0.05, source: 'optimizer' },
    clipNorm: { value: 1, source: 'default' },
    class: { value: 'teapot', source: 'default' },
    'adapterOptions.rank': { value: 4, source: 'default' },
  });
  const { values: ofKrona } = await planned({ adapterOptions: { a1: 4 } });
  expect(ofKrona).toMatchObject({
    'adapterOptions.a1': { value: 4, source: 'given' },
    'adapterOptions.a2': { value: 16, source: 'base model' },
    'adapterOptions.layout': { value: 'kron', source: 'default' },
  });
});

test.each<[string, Settings, string, string]>([
  ['a value of another kind', { steps: 'many' }, 'INVALID_SETTING', 'steps'],
  ['a setting that there is not', { stepz: 1 }, 'UNKNOWN_SETTING', 'stepz'],
  ['a method that there is not', { adapter: 'kronas' }, 'UNKNOWN_ADAPTER', 'adapter'],
  [
    'a factor that divides nothing',
    { adapterOptions: { a2: 7 } },
    'FACTOR_DOES_NOT_DIVIDE',
    'adapterOptions.a2',
  ],
  [
    'an option of another method',
    { adapterOptions: { rank: 4 } },
    'ADAPTER_OPTIONS',
    'adapterOptions.rank',
  ],
  ['a sentence as the subject', { subject: 'a sks dog' }, 'SUBJECT_IS_SENTENCE', 'subject'],
  ['targets that there are not', { targets: ['nothing'] }, 'NO_SITES', 'targets'],
  ['a side that no model draws', { resolution: 12 }, 'INVALID_SETTING', 'resolution'],
  ['a place that prompts do not have', { prompt: 'a {thing}' }, 'UNKNOWN_PLACEHOLDER', 'prompt'],
  [
    'a warm-up longer than the run',
    { steps: 5, warmupSteps: 9 },
    'LEARNING_RATE_WARMUP',
    'warmupSteps',
  ],
  ['a device that is not here', { device: 'cuda' }, 'DEVICE_UNAVAILABLE', 'device'],
  ['pictures that are not here', { images: 'gone' }, 'NOT_HERE', 'images'],
  ['a base that nobody has fetched', { base: 'nobody/nothing' }, 'HUB_OFFLINE', 'base'],
])('%s is told beside its setting, and the rest is planned', async (_, settings, code, key) => {
  const preview = await planned({ batchSize: 2, ...settings });
  expect(preview.problems.map((each) => [each.code, each.key])).toEqual([[code, key]]);
  expect(preview.values.batchSize).toEqual({ value: 2, source: 'given' });
  expect(preview.plan?.parameters).toBeGreaterThan(0);
});

test('several problems are told at once, and nothing but a path is an error', async () => {
  const { problems, plan: figures } = await studio.ask('plan.train', {
    settings: { steps: 0, learningRate: -1, adapterOptions: { a1: 7, a2: 11 } },
    name: '../x',
  });
  expect(problems.map(({ key }) => key)).toEqual([
    ...['images', 'out', 'steps', 'learningRate', 'subject'],
    ...['adapterOptions.a1', 'adapterOptions.a2'],
  ]);
  const details = new Map(problems.map((problem) => [problem.key, problem.details]));
  expect(details.get('steps')).toEqual({ above: '0' });
  expect(details.get('adapterOptions.a1')).toMatchObject({ value: '7' });
  expect(figures?.parameters).toBeGreaterThan(0);
  for (const base of ['/etc', 'models/pocket', 'nobody/nothing.ckpt']) {
    await expect(planned({ base })).rejects.toMatchObject({ code: 'PATH_FROM_PAGE' });
  }
});

test('the command is the one to type', async () => {
  mkdirSync(join(studio.work, 'datasets', 'my dog'), { recursive: true });
  const { command, problems } = await studio.ask('plan.train', {
    settings: { images: 'my dog', subject: 'sks dog', steps: 60, adapterOptions: { a1: 4 } },
    name: 'dog',
  });
  const folder = join(studio.work, 'datasets', 'my dog');
  expect(command).toBe(
    `krona train --images "${folder}" --subject "sks dog" --a1 4 --steps 60 --out ${join(studio.work, 'runs', 'dog')}`,
  );
  expect(problems).toMatchObject([{ code: 'NO_IMAGES', key: 'images' }]);
  expect((await planned({})).command).toMatch(/^krona train --images pocket\/teapot /);
});

// Last: what their steps take would be worked out before that of others.
test.each(bases)('%s is counted as the command counts it, without a network', async (base) => {
  const { plan: figures, problems } = await planned({ base });
  expect(counted.get(base)).toMatchObject({
    sites: figures?.sites,
    parameters: figures?.parameters,
    fileBytes: figures?.fileBytes,
  });
  expect(problems.filter(({ isBlocking }) => isBlocking)).toEqual([]);
});

/** @file Adapters joined, merged into a model and taken out of it again, and a sweep, all from code. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { extract, merge, sweep, train } from '../../src/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-api-'));
const inFolder = (name: string) => join(folder, name);
afterAll(() => rm(folder, { recursive: true, force: true }));

const { adapter } = await train({
  ...{ images: 'pocket/teapot', subject: 'sks teapot', steps: 2, batchSize: 1 },
  ...{ adapter: 'lora', adapterOptions: { rank: 2 }, learningRate: 0.01, out: inFolder('run') },
});

test('what is merged into a model is what is extracted from it', async () => {
  const model = await merge({
    ...{ into: 'model', adapters: [{ file: adapter, strength: 0.5 }], out: inFolder('model') },
  });
  expect(model).toMatchObject({ base: 'pocket' });
  expect(model.changed).toBeGreaterThan(0);
  const work = extract({
    ...{ from: inFolder('model'), base: 'pocket', out: inFolder('extracted.safetensors') },
    form: { as: 'lora', rank: 2 },
  });
  const heard = new Set<string>();
  for await (const { type } of work) heard.add(type);
  const { errors, outside } = await work;
  expect([...heard]).toEqual(['comparing', 'fitting']);
  expect(outside).toBe(0);
  expect(errors).toHaveLength(model.changed);
  expect(existsSync(inFolder('extracted.safetensors'))).toBe(true);
});

test('two become one that holds both', async () => {
  const half = { file: adapter, strength: 0.5 };
  const out = inFolder('joined.safetensors');
  const { counts, bytes } = await merge({ into: 'adapter', adapters: [half, half], out });
  expect(counts.joined).toBeGreaterThan(0);
  expect((await readFile(out)).byteLength).toBe(bytes);
  await expect(merge({ into: 'adapter', adapters: [half], out })).rejects.toMatchObject({
    code: 'OUT_EXISTS',
  });
});

test('a sweep runs in this process or in one of its own, and finds what it has done', async () => {
  const spec = inFolder('small.yaml');
  await writeFile(
    spec,
    [
      'title: small\nsubjects: [teapot]\nprompts: [2]\ndrift: false',
      'train: { steps: 1, batchSize: 1 }\ndraw: { count: 1, steps: 2 }',
      'cases:\n  - { name: KronA, train: { adapter: krona } }',
      'show:\n  - kind: table\n',
    ].join('\n'),
  );
  const places = { store: inFolder('store'), work: inFolder('work') };
  const work = sweep({ spec, ...places });
  const heard = [];
  for await (const event of work) heard.push(event.type);
  const { results, file } = await work;
  expect(results.missing).toEqual([]);
  expect(results.cells).toHaveLength(1);
  expect(file).toBe(inFolder('results/small.json'));
  expect([...new Set(heard)]).toEqual(['planned', 'begun', 'progress', 'done', 'collected']);
  const apart = await sweep({
    ...{ spec, workers: 1, store: inFolder('other store'), work: inFolder('other work') },
    results: inFolder('other results'),
  });
  const scores = ({ cells }: typeof results) => cells.map(({ cost: _, ...scored }) => scored);
  expect(scores(apart.results)).toEqual(scores(results));
  expect(apart.results.cells[0]?.cost?.worker).toMatch(/-1$/);
  const again = sweep({ spec, ...places });
  for await (const event of again) {
    if (event.type === 'planned') expect(event).toMatchObject({ found: 1, tasks: [] });
  }
});

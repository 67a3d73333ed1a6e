/** @file Files of settings that people write: configurations, sweeps, benchmarks, lists of prompts; and results of sweeps. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { pocketFolder } from '../../../src/data/pocket.ts';
import { command, type Target } from '../target.ts';

const experiments = join(import.meta.dirname, '../../../experiments');
const teapot = join(pocketFolder(), 'subjects', 'teapot');

const training = {
  images: teapot,
  subject: 'sks teapot',
  steps: 2,
  batchSize: 1,
  adapter: 'krona',
  learningRate: 5e-4,
  schedule: 'cosine',
  warmupSteps: 1,
  sampleEvery: 1,
  seed: 1,
  samplePrompt: ['a {subject}'],
  targets: ['attention'],
  optimizer: 'adamw',
  checkpointEvery: 1,
  emaDecay: 0.9,
  noiseOffset: 0.1,
  resolution: 64,
  adapterOptions: { a1: 4, a2: 16 },
};

export const configurations: Target = {
  weight: 3,
  run: (place) => {
    const { random, damage, sandbox } = place;
    const path = sandbox.write(random.pick(['train.yaml', 'train.json']), damage.yaml(training));
    return command(place, ['train', '--config', path, '--json', '--out', join(sandbox.out, 'run')]);
  },
};

export const sweeps: Target = {
  weight: 4,
  run: (place) => {
    const { random, damage, sandbox } = place;
    const common = sandbox.mirror(join(experiments, 'common'), 'common');
    const name = random.pick(
      readdirSync(experiments).filter((each) => each.endsWith('.pocket.yaml')),
    );
    const spec: unknown = parse(readFileSync(join(experiments, name), 'utf8'));
    if (random.chance(0.3)) {
      const shared: unknown = parse(readFileSync(join(common, 'pocket.yaml'), 'utf8'));
      sandbox.replace(join(common, 'pocket.yaml'), damage.yaml(shared));
    }
    const path = sandbox.write(name, damage.yaml(spec));
    return command(place, ['sweep', path, '--plan', '--store', join(sandbox.out, 'store')]);
  },
};

export const benchmarks: Target = {
  weight: 2,
  run: (place) => {
    const { random, damage, sandbox } = place;
    const folder = sandbox.mirror(join(pocketFolder(), 'subjects'), 'subjects');
    const file = join(folder, 'subjects.json');
    const listed = [
      { name: 'teapot', class: 'teapot', type: 'object', subject: 'sks teapot', images: 'teapot' },
      { name: 'cat', class: 'cat', type: 'live', images: 'cat' },
    ];
    const prompts = ['a {} on the beach', 'a red {}'];
    const lists = { object: prompts, live: prompts };
    const text = (value: unknown) => Buffer.from(JSON.stringify(value));
    const isList = random.chance(0.6);
    sandbox.write('subjects/prompts.json', isList ? text(lists) : damage.json(lists));
    sandbox.replace(file, isList ? damage.json(listed) : text(listed));
    const spec = sandbox.write(
      'sweep.yaml',
      JSON.stringify({
        title: 'A sweep',
        base: 'pocket',
        benchmark: file,
        seeds: [0],
        train: { steps: 1 },
        vary: { 'adapter.a1': [2, 4] },
      }),
    );
    return command(place, ['sweep', spec, '--plan', '--store', join(sandbox.out, 'store')]);
  },
};

const results = join(experiments, 'results');

export const sweepResults: Target = {
  weight: 1,
  run: (place) => {
    const { random, damage, sandbox } = place;
    const name = random.pick(['fig10.pocket', 'fig8.pocket', 'table4.pocket']);
    const found: unknown = JSON.parse(readFileSync(join(results, `${name}.json`), 'utf8'));
    const sheet = join(results, `${name}.webp`);
    if (existsSync(sheet)) sandbox.write(`${name}.webp`, damage.bytes(readFileSync(sheet)));
    const path = sandbox.write(`${name}.json`, damage.json(found));
    return command(place, ['report', path, '--out', join(sandbox.out, 'report')]);
  },
};

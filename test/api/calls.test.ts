/** @file What all functions of the package have in common: surroundings that may be left out, events, and a signal. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, expectTypeOf, test } from 'vitest';
import {
  convert,
  evaluate,
  extract,
  generate,
  inspect,
  loadPipeline,
  merge,
  plan,
  type resume,
  sweep,
  train,
  type Work,
} from '../../src/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-api-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const training = { images: 'pocket/teapot', subject: 'sks teapot', batchSize: 1 };
const { run, adapter } = await train({
  ...{ ...training, adapter: 'lora', adapterOptions: { rank: 2 }, steps: 1, out: at('run') },
});
await writeFile(
  at('small.yaml'),
  'title: small\nsubjects: [teapot]\nprompts: [2]\ncases:\n  - { name: KronA, train: { adapter: krona } }\n',
);

type Event = { readonly type: string };
/** Every function that takes `(options, host?)`, whatever its options. */
type Call = (host: { readonly signal: AbortSignal }) => Work<Event, unknown>;

const drawing = { prompt: 'a teapot', steps: 1, count: 1 };
const stopped: Readonly<Record<string, Call>> = {
  generate: (host) => generate(drawing, host),
  'generate into a folder': (host) => generate({ ...drawing, out: at('pictures') }, host),
  evaluate: (host) => evaluate({ run, count: 1, steps: 1, drift: false }, host),
  sweep: (host) => sweep({ spec: at('small.yaml'), store: at('store'), work: at('work') }, host),
  convert: (host) =>
    convert({ adapter, to: 'kohya', base: 'pocket', out: at('kohya.safetensors') }, host),
  'merge into a model': (host) =>
    merge({ into: 'model', adapters: [{ file: adapter }], out: at('model') }, host),
  'merge into an adapter': (host) =>
    merge({ into: 'adapter', adapters: [{ file: adapter }], out: at('one.safetensors') }, host),
  extract: (host) =>
    extract({ from: 'pocket', base: 'pocket', out: at('extracted.safetensors') }, host),
  inspect: (host) => inspect(adapter, host),
  plan: (host) => plan({}, host),
  loadPipeline: (host) => loadPipeline('pocket', host),
};

describe('a signal', () => {
  test.each(Object.entries(stopped))(
    'stops %s with its own reason, and nothing is left',
    async (_, call) => {
      const before = await readdir(folder, { recursive: true });
      const reason = new Error('enough');
      const work = call({ signal: AbortSignal.abort(reason) });
      await expect(work).rejects.toBe(reason);
      expect(await readdir(folder, { recursive: true })).toEqual(before);
    },
  );

  test('ends a plan between two of its events', async () => {
    const stop = new AbortController();
    const heard: string[] = [];
    const listener = ({ type }: Event) => {
      heard.push(type);
      stop.abort(new Error('enough'));
    };
    await expect(plan({ memory: true }, { signal: stop.signal, listener })).rejects.toThrow(
      'enough',
    );
    expect(heard).toEqual(['tracing']);
  });
});

test.each<[string, (listener: (event: Event) => void) => Work<Event, unknown>]>([
  ['plan', (listener) => plan({ memory: true }, { listener })],
  [
    'convert',
    (listener) =>
      convert(
        { adapter, to: 'krona', form: { as: 'lora', rank: 1 }, out: at('smaller.safetensors') },
        { listener },
      ),
  ],
])('the listener of %s hears what readers hear', async (_, call) => {
  const heard: Event[] = [];
  const work = call((event) => heard.push(event));
  const read: Event[] = [];
  for await (const event of work) read.push(event);
  expect(read).not.toEqual([]);
  expect(heard).toEqual(read);
  await work;
});

test('nothing is required of any host, and all work tells typed events', () => {
  interface Calls {
    readonly train: typeof train;
    readonly resume: typeof resume;
    readonly generate: typeof generate;
    readonly evaluate: typeof evaluate;
    readonly sweep: typeof sweep;
    readonly convert: typeof convert;
    readonly merge: typeof merge;
    readonly extract: typeof extract;
    readonly inspect: typeof inspect;
    readonly plan: typeof plan;
    readonly loadPipeline: typeof loadPipeline;
  }
  type HostOf<Name extends keyof Calls> = NonNullable<Parameters<Calls[Name]>[1]>;
  /** What is wrong with each, or what its signal may be. */
  type Signals = {
    [Name in keyof Calls]: 1 extends Parameters<Calls[Name]>['length']
      ? Record<never, never> extends HostOf<Name>
        ? HostOf<Name>['signal']
        : 'a field of its host is required'
      : 'its host is required';
  };
  type Told = {
    [Name in keyof Calls]: ReturnType<Calls[Name]> extends Work<infer Each extends Event, unknown>
      ? string extends Each['type']
        ? 'its events have no types'
        : 'typed events'
      : 'is no work';
  };
  expectTypeOf<Signals>().toEqualTypeOf<Readonly<Record<keyof Calls, AbortSignal | undefined>>>();
  expectTypeOf<Told>().toEqualTypeOf<Readonly<Record<keyof Calls, 'typed events'>>>();
});

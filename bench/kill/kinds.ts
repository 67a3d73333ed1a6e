/** @file The commands that are killed, what each is given, and how a user goes on after a kill. */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A command that leaves files in a folder of its own. */
export interface Kind {
  readonly name: string;
  /** Its arguments. */
  readonly first: (folder: string) => readonly string[];
  /** Those that go on with what a kill has left; undefined where it had come to its end. */
  readonly again: (folder: string) => Promise<readonly string[] | undefined>;
  /** Files of the folder that come to the same bytes however often it was killed. */
  readonly results: (path: string) => boolean;
  /** Files that are whole from the moment they are there. */
  readonly whole: (path: string) => boolean;
}

/** What the commands work on, made once. */
export interface Material {
  /** A finished run. */
  readonly run: string;
  /** The file of a small sweep. */
  readonly sweep: string;
}

export const trainFlags = [
  ...['train', '--images', 'models/pocket/subjects/teapot', '--subject', 'sks teapot'],
  ...['--batch-size', '2', '--quiet', '--seed', '5'],
];

export const sweepText = `
title: killed
subjects: [teapot]
prompts: [2, 3]
train: { steps: 12, batchSize: 2 }
draw: { count: 1, steps: 3 }
drift: false
cases:
  - name: KronA
    train: { adapter: krona, adapterOptions: { a2: 16 } }
    vary: { adapter.a1: [4, 8] }
`;

/** Every kind of work. */
export function killable({ run, sweep }: Material): readonly Kind[] {
  return [
    {
      name: 'train',
      first: (folder) => [
        ...trainFlags,
        ...['--steps', '60', '--checkpoint-every', '7', '--sample-every', '20', '--out'],
        join(folder, 'run'),
      ],
      again: async (folder) =>
        existsSync(join(folder, 'run', 'run.json'))
          ? ['train', '--resume', join(folder, 'run'), '--quiet']
          : undefined,
      results: (path) => /adapter\.safetensors$|samples.*\.png$/.test(path),
      whole: (path) => /\.safetensors$|\.png$|run\.json$/.test(path),
    },
    {
      name: 'generate',
      first: (folder) => [
        ...['generate', '--run', run, '--prompt', 'a {subject} in the snow', '--count', '6'],
        ...['--steps', '8', '--quiet', '--out', join(folder, 'pictures')],
      ],
      again: async (folder) => await anew(join(folder, 'pictures')),
      results: (path) => path.endsWith('.png'),
      whole: (path) => path.endsWith('.png'),
    },
    {
      name: 'convert',
      first: (folder) => [
        ...['convert', run, '--to', 'kohya', '--as', 'lora', '--out'],
        join(folder, 'other.safetensors'),
      ],
      again: async (folder) => await anew(join(folder, 'other.safetensors')),
      results: (path) => path.endsWith('.safetensors'),
      whole: () => true,
    },
    {
      name: 'merge',
      first: (folder) => ['merge', '--adapter', run, '--out', join(folder, 'model')],
      again: async (folder) => await anew(join(folder, 'model')),
      results: () => true,
      whole: () => true,
    },
    {
      name: 'sweep',
      first: (folder) => [
        ...['sweep', sweep, '--quiet', '--store', join(folder, 'store')],
        ...['--work', join(folder, 'work'), '--results', join(folder, 'results')],
      ],
      again: async () => undefined,
      // Results hold times; rows and pictures do not.
      results: (path) => /results\/[^/]*\.csv$|store\/pictures\//.test(path),
      whole: (path) => path.startsWith('store/'),
    },
  ];
}

/** What one begins again with after having removed what is there. */
async function anew(path: string): Promise<undefined> {
  await rm(path, { recursive: true, force: true });
}

/** The last step of which a run says that it has a checkpoint; 0 where there is none. */
export async function lastCheckpointTold(run: string): Promise<number> {
  return await lastOf(run, /"type":"checkpoint","step":(\d+)/g);
}

/** The step from which a run last went on. */
export async function lastBeginning(run: string): Promise<number> {
  return await lastOf(run, /"fromStep":(\d+)/g);
}

async function lastOf(run: string, pattern: RegExp): Promise<number> {
  const path = join(run, 'events.jsonl');
  const text = existsSync(path) ? await readFile(path, 'utf8') : '';
  return Number([...text.matchAll(pattern)].at(-1)?.[1] ?? 0);
}

/** @file From the command of a training to the end of its first step, by what it does meanwhile. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { required } from '../../src/base/required.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { eventSchema } from '../../src/train/events.ts';
import { compiledPath } from '../../test/programs/compiled.ts';
import type { BenchOptions } from '../options.ts';
import { jsonLinesOf, runCommand, runKrona } from './command.ts';
import type { Measurements } from './measurements.ts';
import type { Setting } from './setting.ts';

type Phase = readonly [name: string, seconds: number];

/** Bundled pictures, enlarged to the side of the base. */
const pictures = 5;

/** Trains for two steps several times: the second one is the usual step beside the first. */
export async function startOfTraining({
  base,
  side,
  setup,
  curvePairs,
}: Setting): Promise<NonNullable<Measurements['start']>> {
  const folder = await mkdtemp(join(tmpdir(), 'krona-bench-'));
  const images = join(folder, 'pictures');
  try {
    await cp(join(pocketFolder(), 'subjects', 'teapot'), images, { recursive: true });
    const seconds = new Map<string, number[]>();
    const opening = new Map<string, number[]>();
    const add = (to: Map<string, number[]>, found: readonly Phase[]) => {
      for (const [name, value] of found) to.set(name, [...(to.get(name) ?? []), value]);
    };
    for (let i = 0; i < curvePairs; i++) {
      const out = join(folder, `run-${i}`);
      const what = ['--base', base, '--images', images, '--subject', 'sks teapot', '--out', out];
      const manner = ['--steps', '2', '--resolution', String(side), '--json'];
      const { startedAt } = await runKrona('train', ...what, ...manner);
      add(seconds, await phasesOf(join(out, 'events.jsonl'), startedAt));
      add(opening, await openingPhases({ base, resolution: side, batch: 1 }));
    }
    const listed = (found: Map<string, number[]>) =>
      [...found].map(([name, values]) => ({ name, seconds: values }));
    const phases = listed(seconds);
    return { setup, resolution: side, pictures, phases, opening: listed(opening) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Seconds from each event to the next one: what the run did meanwhile. */
async function phasesOf(path: string, startedAt: Date): Promise<readonly Phase[]> {
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  const marks: { readonly name: string; readonly at: number }[] = [
    { name: 'opening', at: startedAt.getTime() },
  ];
  for (const line of lines) {
    const event = eventSchema.parse(JSON.parse(line));
    const at = Date.parse(event.time ?? '');
    if (event.type === 'phase') {
      marks.push({ name: event.phase === 'training' ? 'step 1' : event.phase, at });
    } else if (event.type === 'step') {
      marks.push({ name: `step ${event.step + 1}`, at });
    }
  }
  return marks
    .slice(0, -1)
    .map(({ name, at }, i) => [name, (required(marks, i + 1).at - at) / 1000] as const);
}

/** What bench/performance/opening.ts says. */
async function openingPhases(options: BenchOptions): Promise<readonly Phase[]> {
  const program = compiledPath('bench/performance/opening.ts');
  const { output } = await runCommand(process.execPath, [program, JSON.stringify(options)]);
  return Object.entries(required(jsonLinesOf(output), 0)).map(([name, value]) => [
    name,
    Number(value),
  ]);
}

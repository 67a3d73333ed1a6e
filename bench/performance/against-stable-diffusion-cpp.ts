/** @file Drawing a picture in turns with stable-diffusion.cpp: both commands, the same model, steps and guidance. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../src/base/numbers/median.ts';
import { required } from '../../src/base/required.ts';
import { jsonLinesOf, runCommand, runKrona } from './command.ts';
import type { Measurements, Pair } from './measurements.ts';
import type { Setting } from './setting.ts';
import { startSubject } from './turns.ts';

/** Steps of a picture that is measured; the first one warms up. */
const steps = 4;
/** Steps of a picture as people draw it, by which the fastest rendering is chosen. */
const usualSteps = 20;

/** Ways of computing the same picture with the weights as they are stored. */
const renderings: readonly (readonly string[])[] = [
  [],
  ['--fa'],
  ['--diffusion-conv-direct', '--vae-conv-direct'],
  ['--fa', '--diffusion-conv-direct', '--vae-conv-direct'],
];

interface Drawing {
  /** Median of the steps after the first. */
  readonly step: number;
  readonly decoding: number;
  readonly whole: number;
  readonly peakBytes: number | null;
}

/** Undefined where no program of it is given. */
export async function drawAgainstStableDiffusionCpp(
  setting: Setting,
): Promise<Measurements['draw']> {
  const { stableDiffusionCpp: program, side, setup, pairs } = setting;
  if (program === undefined) {
    process.stderr.write('no peer: --stable-diffusion-cpp names its program\n');
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'krona-bench-'));
  try {
    const { output } = await runCommand(program, ['--version']);
    const [fastest, tried] = await tryAll(program, setting, folder);
    await using decoder = await startSubject('decode', {
      base: setting.base,
      resolution: side,
      batch: 1,
    });
    await decoder.run();
    const drawn: { own: Drawing; other: Drawing }[] = [];
    for (let i = 0; i < pairs; i++) {
      const picture = await drawOwn(setting, join(folder, `own-${i}`));
      const own = { ...picture, decoding: (await decoder.run()).seconds };
      drawn.push({ own, other: await drawOther(program, setting, folder, fastest) });
    }
    const pairsOf = (what: 'step' | 'decoding' | 'whole'): Pair[] =>
      drawn.map(({ own, other }) => ({ own: own[what], other: other[what] }));
    const { own, other } = required(drawn, 0);
    return {
      setup,
      resolution: side,
      steps,
      version: required(output.trim().split('\n'), 0).replace(
        /^stable-diffusion\.cpp version /,
        '',
      ),
      tried,
      rendering: fastest.join(' '),
      step: pairsOf('step'),
      decoding: pairsOf('decoding'),
      whole: pairsOf('whole'),
      peakBytes: { own: own.peakBytes, other: other.peakBytes },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The rendering that draws a usual picture fastest, and the times of all. */
async function tryAll(program: string, setting: Setting, folder: string) {
  const tried: Record<string, { step: number; decoding: number }> = {};
  let fastest = required(renderings, 0);
  let least = Number.POSITIVE_INFINITY;
  for (const rendering of renderings) {
    const { step, decoding } = await drawOther(program, setting, folder, rendering);
    const name = rendering.join(' ');
    tried[name] = { step, decoding };
    process.stderr.write(
      `peer ${name || 'as it is'}: ${step.toPrecision(3)} s a step, ${decoding.toPrecision(3)} s to decode\n`,
    );
    const seconds = usualSteps * step + decoding;
    if (seconds < least) [fastest, least] = [rendering, seconds];
  }
  return [fastest, tried] as const;
}

async function drawOther(
  program: string,
  { base, side, setup }: Setting,
  folder: string,
  rendering: readonly string[],
): Promise<Drawing> {
  const size = ['-W', String(side), '-H', String(side), '-t', String(setup.threads)];
  const picture = ['-m', base, '-p', 'a teapot', '--steps', String(steps), '--cfg-scale', '7.5'];
  const out = ['-o', join(folder, 'other.png'), '--sampling-method', 'euler_a'];
  const run = await runCommand(program, [...picture, ...size, ...out, ...rendering]);
  // As it writes them: "2/4 - 5.31s/it", or "2/4 - 1.20it/s" of faster ones.
  const pattern = new RegExp(`(\\d+)/${steps} - ([\\d.]+)(s/it|it/s)`, 'g');
  const found = [...run.output.matchAll(pattern)].filter(([, step]) => Number(step) > 1);
  const seconds = found.map(([, , value, unit]) =>
    unit === 's/it' ? Number(value) : 1 / Number(value),
  );
  const decoding = /decode_first_stage completed, taking ([\d.]+)s/.exec(run.output)?.[1];
  const step = median(seconds);
  if (step === undefined || decoding === undefined) {
    throw new Error(`${program} says no times of steps and decoding:\n${run.output.slice(-2000)}`);
  }
  return { step, decoding: Number(decoding), whole: run.seconds, peakBytes: run.peakBytes };
}

async function drawOwn({ base, side }: Setting, out: string): Promise<Omit<Drawing, 'decoding'>> {
  const size = ['--width', String(side), '--height', String(side), '--count', '1'];
  const picture = ['--base', base, '--prompt', 'a teapot', '--steps', String(steps)];
  const manner = ['--guidance', '7.5', '--sampler', 'euler-ancestral', '--out', out, '--json'];
  const { output, seconds, peakBytes } = await runKrona('generate', ...picture, ...size, ...manner);
  const events = jsonLinesOf(output).filter(({ type }) => type === 'step');
  const ends = events.map((event) => Number(event.seconds));
  const step = median(ends.slice(1).map((end, i) => end - required(ends, i)));
  if (step === undefined) throw new Error(`krona generate tells of no steps:\n${output}`);
  return { step, whole: seconds, peakBytes };
}

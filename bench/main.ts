/** @file `npm run bench -- step|generate|load`: time, memory and rate of what matters, one result a line. */
import { availableParallelism, cpus } from 'node:os';
import { Command, Option } from 'commander';
import { median } from '../src/base/numbers/median.ts';
import { formatBytes, formatShare } from '../src/base/quantities.ts';
import { basePrecisions } from '../src/pipeline/precision/base-precision.ts';
import { compiledPath } from '../test/programs/compiled.ts';
import { type BenchOptions, wholeNumber } from './options.ts';
import { fasterPrecision, type PeerOptions, renderingName, tryPeer } from './peer.ts';
import { opShares } from './profile.ts';
import { type Run, WorkerProcess } from './worker-process.ts';

const benchmarks = {
  step: ['step'],
  generate: ['denoise', 'decode'],
  load: ['load'],
} as const;

interface Flags extends BenchOptions {
  readonly runs: number;
  readonly json?: true;
  readonly peer?: true;
  readonly python: string;
  readonly compiled?: true;
  readonly profile?: true;
}

/** The fastest of the renderings in PyTorch. */
interface Peer {
  /** Its flags. */
  readonly rendering: string;
  /** Seconds of a step by flags. */
  readonly tried: Readonly<Record<string, number>>;
}

interface Result {
  readonly benchmark: string;
  readonly base: string;
  readonly resolution: number | null;
  readonly batch: number;
  readonly memory: string | null;
  readonly basePrecision: string;
  readonly processor: string;
  readonly threads: number;
  /** Median of the runs after the first, which warms up. */
  readonly seconds: number;
  readonly runs: readonly number[];
  readonly firstSeconds: number;
  readonly peakBytes: number | null;
  readonly flops: number | null;
  readonly gflops: number | null;
  /** gflops by the rate of one large product, measured before. */
  readonly gemmShare: number | null;
  readonly peer?: Peer & {
    readonly seconds: number;
    readonly peakBytes: number | null;
    readonly ratio: number;
  };
  readonly shareByOperation?: Readonly<Record<string, number>>;
}

const program = new Command('bench')
  .description('Measures a training step, a denoising step and a decoding, or loading.')
  .argument('<benchmark>', Object.keys(benchmarks).join(', '))
  .option(
    '--base <base>',
    'pocket, a folder or a file; krona make-model makes one to measure',
    'pocket',
  )
  .option('--resolution <n>', 'side of the pictures in pixels', wholeNumber)
  .option('--batch <n>', 'pictures at once', wholeNumber, 1)
  .option('--memory <size>', 'as krona train --memory, such as 5GB (step)')
  .addOption(
    new Option(
      '--base-precision <precision>',
      'as krona train --base-precision (step, denoise)',
    ).choices(basePrecisions),
  )
  .option('--runs <n>', 'runs after the one that warms up', wholeNumber, 3)
  .option('--profile', 'share of time by operation, from one more run (step)')
  .addOption(
    new Option(
      '--peer',
      'PyTorch at the size of SD 1.5, the fastest of its renderings in alternation (step)',
    ),
  )
  .option('--python <program>', 'Python with torch, for --peer', 'python3')
  .option('--compiled', 'tries the fastest rendering compiled, too, which takes minutes (--peer)')
  .option('--json', 'one JSON line per result')
  .action(async (name: string, flags: Flags) => {
    if (!Object.hasOwn(benchmarks, name)) program.error(`error: no benchmark "${name}"`);
    const gemm = await measure('gemm', flags, { count: 5 });
    const gemmRate = (gemm.flops ?? 0) / medianSeconds(gemm.runs);
    for (const subject of benchmarks[name as keyof typeof benchmarks]) {
      const result = await resultOf(subject, flags, gemmRate);
      process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : describe(result));
    }
  });

await program.parseAsync();

interface Measured {
  readonly flops: number | undefined;
  readonly first: Run;
  readonly runs: readonly Run[];
  readonly peer: (Peer & { readonly runs: readonly Run[] }) | undefined;
}

interface Measuring {
  /** Runs after the first. */
  readonly count: number;
  /** Where there is to be a peer. */
  readonly peer?: PeerOptions | undefined;
  /** Prefix of a trace of the runs. */
  readonly profile?: string;
}

/** Runs a subject in a fresh process, in alternation with a peer if there is one. */
async function measure(
  subject: string,
  { base, resolution, batch, memory, basePrecision }: BenchOptions,
  { count, peer, profile }: Measuring,
): Promise<Measured> {
  const options: BenchOptions = { base, resolution, batch, memory, basePrecision };
  const more = profile === undefined ? [] : [profile];
  // Before ours, so that nothing else holds memory while renderings are compared.
  const found = peer === undefined ? null : await tryPeer(options, peer);
  const fastest = found?.fastest[fasterPrecision(found)] ?? [];
  await using other = await found?.start(fastest);
  await using own = await WorkerProcess.start(process.execPath, [
    compiledPath('bench/worker.ts'),
    subject,
    JSON.stringify(options),
    ...more,
  ]);
  const first = await own.run();
  await other?.run();
  const runs: Run[] = [];
  const peerRuns: Run[] = [];
  for (let i = 0; i < count; i++) {
    runs.push(await own.run());
    if (other) peerRuns.push(await other.run());
  }
  const compared = found && {
    rendering: renderingName(fastest),
    tried: found.tried,
    runs: peerRuns,
  };
  return { flops: own.flops, first, runs, peer: compared ?? undefined };
}

async function resultOf(subject: string, flags: Flags, gemmRate: number): Promise<Result> {
  const { base, resolution = null, batch, memory = null, runs: count } = flags;
  const { basePrecision = 'stored' } = flags;
  const { flops, first, runs, peer } = await measure(subject, flags, {
    count,
    peer: subject === 'step' && flags.peer ? flags : undefined,
  });
  const own = runs.map((run) => run.seconds);
  const seconds = medianSeconds(runs);
  const rate = flops === undefined ? undefined : flops / seconds;
  const result: Result = {
    benchmark: subject,
    base,
    resolution,
    batch,
    memory,
    basePrecision,
    processor: cpus()[0]?.model ?? 'unknown',
    threads: availableParallelism(),
    seconds,
    runs: own,
    firstSeconds: first.seconds,
    peakBytes: runs.at(-1)?.peakBytes ?? null,
    flops: flops ?? null,
    gflops: rate === undefined ? null : rate / 1e9,
    gemmShare: rate === undefined ? null : rate / gemmRate,
  };
  return {
    ...result,
    ...(peer === undefined ? {} : { peer: comparison(seconds, peer) }),
    ...(flags.profile && subject === 'step'
      ? {
          shareByOperation: await opShares(async (prefix) => {
            await measure(subject, flags, { count: 0, profile: prefix });
          }),
        }
      : {}),
  };
}

function comparison(
  seconds: number,
  { rendering, tried, runs }: NonNullable<Measured['peer']>,
): NonNullable<Result['peer']> {
  const theirs = medianSeconds(runs);
  const peakBytes = runs.at(-1)?.peakBytes ?? null;
  return { rendering, tried, seconds: theirs, peakBytes, ratio: seconds / theirs };
}

function medianSeconds(runs: readonly Run[]): number {
  return median(runs.map(({ seconds }) => seconds)) ?? Number.NaN;
}

function describe({
  benchmark,
  base,
  seconds,
  peakBytes,
  gflops,
  gemmShare,
  peer,
  shareByOperation,
}: Result): string {
  const parts = [
    `${benchmark} of ${base}: ${seconds.toPrecision(3)} s`,
    ...(peakBytes === null ? [] : [`peak ${formatBytes(peakBytes)}`]),
    ...(gflops === null || gemmShare === null
      ? []
      : [`${gflops.toFixed(1)} GFLOP/s, ${formatShare(gemmShare)} of a large product`]),
    ...(peer === undefined
      ? []
      : [
          `PyTorch ${peer.seconds.toPrecision(3)} s (${peer.rendering}: the fastest of ${Object.keys(peer.tried).length} renderings), ratio ${peer.ratio.toFixed(2)}`,
        ]),
  ];
  const shares = Object.entries(shareByOperation ?? {}).map(
    ([kind, share]) => `  ${formatShare(share).padStart(7)} ${kind}\n`,
  );
  return `${parts.join(', ')}\n${shares.join('')}`;
}

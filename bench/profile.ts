/** @file Where the time goes, read from a trace of ONNX Runtime. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

const traceSchema = z.array(
  z.object({
    cat: z.string(),
    dur: z.number(),
    name: z.string(),
    args: z.looseObject({ op_name: z.string().optional() }),
  }),
);

/** Gives `use` a prefix for a trace and returns the share of time of each kind of operation in what it left there. */
export async function opShares(
  use: (prefix: string) => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  const folder = await mkdtemp(join(tmpdir(), 'krona-profile-'));
  try {
    await use(join(folder, 'trace'));
    const seconds = new Map<string, number>();
    for (const name of await readdir(folder)) {
      const events = traceSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
      for (const { cat, dur, name, args } of events) {
        if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
        const kind = args.op_name ?? 'other';
        seconds.set(kind, (seconds.get(kind) ?? 0) + dur);
      }
    }
    return shares(seconds);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Largest first; what is below a hundredth is taken together. */
function shares(durations: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const total = [...durations.values()].reduce((sum, duration) => sum + duration, 0);
  const sorted = [...durations]
    .map(([kind, duration]) => [kind, duration / total] as const)
    .sort(([, a], [, b]) => b - a);
  const shown = sorted.filter(([, share]) => share >= 0.01);
  const rest = 1 - shown.reduce((sum, [, share]) => sum + share, 0);
  const rounded = (share: number) => Number(share.toFixed(3));
  return Object.fromEntries([...shown, ['others', rest] as const].map(([k, v]) => [k, rounded(v)]));
}

/** @file Run folders: record, events, data set, checkpoints. */
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from '../mutate-json.ts';
import { command, type Place, type Target, words } from '../target.ts';

const strangeLines = ['null', '[]', '{}', '1', '""', '', '{"type":"step"}', '{"type":"x"}'];

/** One line changed, or the file as bytes. */
function damagedEvents(text: string, { damage, random }: Place): Uint8Array {
  const lines = text.trimEnd().split('\n');
  const at = random.below(lines.length);
  const line = lines[at] ?? 'null';
  const withLine = (other: string) => Buffer.from(`${lines.with(at, other).join('\n')}\n`);
  return damage.choice([
    () => withLine(textOf(damage.value(JSON.parse(line))).replaceAll('\n', ' ')),
    () => withLine(random.pick(strangeLines)),
    () => damage.bytes(Buffer.from(text)),
  ])();
}

const kinds = ['record', 'events', 'checkpoint', 'checkpoint', 'dataset', 'adapter'] as const;

export const runs: Target = {
  weight: 6,
  run: (place) => {
    const { random, damage, sandbox, samples } = place;
    const run = sandbox.mirror(samples.run, 'out/run');
    const kind = random.pick(kinds);
    const checkpoints = join(run, 'checkpoints');
    const names = readdirSync(checkpoints).sort();
    const path = {
      record: join(run, 'run.json'),
      events: join(run, 'events.jsonl'),
      checkpoint: join(checkpoints, names.at(-1) ?? ''),
      dataset: join(run, 'dataset.safetensors'),
      adapter: join(run, 'adapter.safetensors'),
    }[kind];
    const bytes = readFileSync(realpathSync(path));
    if (kind === 'record') sandbox.replace(path, damage.json(JSON.parse(bytes.toString())));
    else if (kind === 'events') sandbox.replace(path, damagedEvents(bytes.toString(), place));
    else sandbox.replace(path, damage.safetensors(bytes));
    if (kind === 'events' || random.chance(0.4)) return command(place, ['inspect', run]);
    if (kind === 'adapter') {
      const out = join(sandbox.out, 'pictures');
      return command(
        place,
        words`generate --run ${run} --prompt teapot --steps 1 --count 1 --out ${out}`,
      );
    }
    return command(place, ['train', '--resume', run, '--steps', '4', '--json']);
  },
};

/** @file Adapter files of every tool: read, converted, drawn with, merged. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { command, type Place, type Target, words } from '../target.ts';

const formats = ['krona', 'kohya', 'diffusers', 'peft', 'diff'];

/** One of the adapters with one file of it damaged. */
function damaged({ random, damage, sandbox }: Place, sources: readonly string[]): string {
  const source = random.pick(sources);
  const change = (path: string): Uint8Array => {
    const bytes = readFileSync(path);
    if (path.endsWith('.safetensors')) return damage.safetensors(bytes);
    return path.endsWith('.json') ? damage.json(JSON.parse(bytes.toString())) : damage.bytes(bytes);
  };
  if (!lstatSync(source).isDirectory()) return sandbox.write(basename(source), change(source));
  const folder = sandbox.mirror(source, basename(source));
  const name = random.pick(readdirSync(folder));
  sandbox.replace(join(folder, name), change(join(source, name)));
  return folder;
}

/** Reads an adapter for a base in one of the ways there are. */
function use(place: Place, adapter: string, base: string): ReturnType<Target['run']> {
  const { random, sandbox } = place;
  const out = join(sandbox.out, 'new.safetensors');
  const action = random.below(10);
  if (action < 4) return command(place, words`inspect ${adapter} --base ${base}`);
  if (action < 7) {
    const format = random.pick(formats);
    return command(place, words`convert ${adapter} --base ${base} --to ${format} --out ${out}`);
  }
  if (action < 8) {
    const model = join(sandbox.out, 'merged');
    return command(place, words`merge --base ${base} --adapter ${adapter} --out ${model}`);
  }
  const pictures = join(sandbox.out, 'pictures');
  const drawing = words`--prompt teapot --steps 1 --count 1 --out ${pictures}`;
  return command(place, [...words`generate --base ${base} --adapter ${adapter}`, ...drawing]);
}

export const adapters: Target = {
  weight: 6,
  run: (place) => use(place, damaged(place, place.samples.adapters), 'pocket'),
};

export const foreignAdapters: Target = {
  weight: 5,
  run: (place) =>
    use(place, damaged(place, place.samples.foreignAdapters), place.samples.referenceBase),
};

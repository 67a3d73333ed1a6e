/** @file Files of tensors: safetensors, and torch's zip and legacy pickles, damaged and directed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostilePickle } from '../hostile-pickle.ts';
import { command, type Target, words } from '../target.ts';

const folder = join(import.meta.dirname, '../../data/torch');
const names = [
  'gaps.ckpt',
  'legacy.ckpt',
  'protocol4.ckpt',
  'state-dict.bin',
  'zip.ckpt',
  'unsafe.ckpt',
];

export const pickles: Target = {
  weight: 6,
  run: (place) => {
    const { random, damage, sandbox } = place;
    const name = random.pick(names);
    const path = sandbox.write(name, damage.bytes(readFileSync(join(folder, name))));
    // Sound tensors, but no model: only inspecting takes them.
    const argv = damage.choice([words`inspect ${path}`, words`plan --base ${path}`]);
    return command(place, argv);
  },
};

export const hostilePickles: Target = {
  weight: 1,
  run: (place) => {
    const { random, sandbox } = place;
    const path = sandbox.write('model.ckpt', hostilePickle(random));
    const argv = random.chance(0.7) ? words`inspect ${path}` : words`plan --base ${path}`;
    return command(place, argv);
  },
};

export const safetensors: Target = {
  weight: 4,
  run: (place) => {
    const { damage, sandbox, samples } = place;
    const source = join(samples.run, 'adapter.safetensors');
    const path = sandbox.write('file.safetensors', damage.safetensors(readFileSync(source)));
    return command(place, ['inspect', path]);
  },
};

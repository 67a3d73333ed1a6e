/** @file Model folders: every JSON of theirs, the tokenizer's files, and weights that are not finite. */
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pocketFolder } from '../../../src/data/pocket.ts';
import { command, type Place, type Target, words } from '../target.ts';

const configs = [
  'model_index.json',
  'krona.json',
  'unet/config.json',
  'vae/config.json',
  'text_encoder/config.json',
]
  .concat([
    'scheduler/scheduler_config.json',
    'tokenizer/vocab.json',
    'tokenizer/tokenizer_config.json',
  ])
  .concat(['tokenizer/special_tokens_map.json']);

function draw(base: string, { sandbox, random }: Place): string[] {
  const steps = random.pick(['1', '3']);
  const out = join(sandbox.out, 'pictures');
  return words`generate --base ${base} --prompt teapot --count 1 --steps ${steps} --out ${out}`;
}

export const modelConfigs: Target = {
  weight: 6,
  run: (place) => {
    const { random, damage, sandbox } = place;
    const base = sandbox.mirror(pocketFolder(), 'model');
    const path = join(base, random.pick(configs));
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    sandbox.replace(path, damage.json(value));
    if (random.chance(0.3)) return command(place, draw(base, place));
    return command(
      place,
      random.pick([
        ['plan', '--base', base, '--memory'],
        ['inspect', base],
      ]),
    );
  },
};

export const tokenizers: Target = {
  weight: 2,
  run: (place) => {
    const { random, damage, sandbox } = place;
    const base = sandbox.mirror(pocketFolder(), 'model');
    const path = join(base, 'tokenizer', random.pick(['merges.txt', 'vocab.json']));
    sandbox.replace(path, damage.bytes(readFileSync(path)));
    return command(place, draw(base, place));
  },
};

export const modelWeights: Target = {
  weight: 1,
  run: (place) => {
    const { random, damage, sandbox } = place;
    const base = sandbox.mirror(pocketFolder(), 'model');
    const part = random.pick([
      'vae/diffusion_pytorch_model',
      'text_encoder/model',
      'unet/diffusion_pytorch_model',
    ]);
    const path = join(base, `${part}.safetensors`);
    sandbox.replace(path, damage.safetensors(readFileSync(realpathSync(path))));
    return command(place, draw(base, place));
  },
};

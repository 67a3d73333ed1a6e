/** @file Pictures: what is trained on, and the settings inside a PNG. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeImage } from '../../../src/data/image.ts';
import { readPngText } from '../../../src/formats/png-text.ts';
import { command, library, type Place, type Target, words } from '../target.ts';

function damaged({ random, damage, samples }: Place): { name: string; bytes: Uint8Array } {
  const name = random.pick(readdirSync(samples.pictures));
  return { name, bytes: damage.bytes(readFileSync(join(samples.pictures, name))) };
}

export const decoding: Target = {
  weight: 6,
  run: (place) => {
    const { name, bytes } = damaged(place);
    return library(place, () => decodeImage(bytes, name));
  },
};

export const pngText: Target = {
  weight: 2,
  run: (place) => {
    const { samples, random, damage, sandbox } = place;
    const name = random.pick(readdirSync(samples.pictures).filter((each) => each.endsWith('.png')));
    const bytes = damage.bytes(readFileSync(join(samples.pictures, name)));
    if (random.chance(0.5)) return library(place, async () => readPngText(bytes, name));
    return command(place, ['inspect', sandbox.write(name, bytes)]);
  },
};

/** A training folder with damaged pictures and captions. */
export const trainingFolders: Target = {
  weight: 1,
  run: (place) => {
    const { damage, random, sandbox } = place;
    const images = join(sandbox.work, 'images');
    for (const number of ['1', '2']) {
      const { name, bytes } = damaged(place);
      sandbox.write(join('images', `${number}-${name}`), bytes);
      const encoding = damage.choice(['utf8', 'latin1', 'utf16le'] as const);
      const caption = damage.bytes(Buffer.from('a photo of a café\n', encoding));
      sandbox.write(join('images', `${number}-${name.replace(/\.\w+$/, '.txt')}`), caption);
    }
    const out = join(sandbox.out, 'run');
    const flags = random.chance(0.7) ? ['--captions'] : [];
    const settings = words`--subject ${'sks teapot'} --steps 1 --json --out ${out}`;
    return command(place, [...words`train --images ${images}`, ...settings, ...flags]);
  },
};

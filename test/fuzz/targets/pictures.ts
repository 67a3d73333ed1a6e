/** @file Pictures: what is trained on, and the settings inside a PNG. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeImage } from '../../../src/data/image.ts';
import { readPngText } from '../../../src/formats/png/png-text.ts';
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

/** A training folder of two pictures with captions beside them and in a list, and a mask: one of the six files damaged. */
export const trainingFolders: Target = {
  weight: 1,
  run: (place) => {
    const { damage, random, samples, sandbox } = place;
    const images = join(sandbox.work, 'images');
    const victim = random.below(6);
    for (const i of [0, 1]) {
      const name = random.pick(readdirSync(samples.pictures));
      const picture = readFileSync(join(samples.pictures, name));
      sandbox.write(join('images', `${i}-${name}`), victim === i ? damage.bytes(picture) : picture);
      const encoding =
        victim === i + 2 ? damage.choice(['utf8', 'latin1', 'utf16le'] as const) : 'utf8';
      const caption = Buffer.from('a photo of a café\n', encoding);
      const text = join('images', `${i}-${name.replace(/\.\w+$/, '.txt')}`);
      sandbox.write(text, victim === i + 2 ? damage.bytes(caption) : caption);
    }
    // As large as its picture, since it is one.
    const [masked = ''] = readdirSync(images).filter((name) => !name.endsWith('.txt'));
    const mask = readFileSync(join(images, masked));
    const maskName = masked.replace(/(\.\w+)$/, '-masklabel$1');
    sandbox.write(join('images', maskName), victim === 4 ? damage.bytes(mask) : mask);
    const list = Buffer.from(`{"file_name": "${masked}", "text": "a café"}\n`);
    const listName = join('images', 'metadata.jsonl');
    sandbox.write(listName, victim === 5 ? damage.bytes(list) : list);
    const out = join(sandbox.out, 'run');
    const flags = [
      ...(random.chance(0.7) ? ['--captions'] : []),
      ...(random.chance(0.5) ? ['--masks', 'auto'] : []),
    ];
    const settings = words`--subject ${'sks teapot'} --steps 1 --json --out ${out}`;
    return command(place, [...words`train --images ${images}`, ...settings, ...flags]);
  },
};

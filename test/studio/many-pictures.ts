/** @file A gallery of many tiny pictures with settings inside, as drawing leaves them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePng } from '../../src/data/image.ts';
import { writePngText } from '../../src/formats/png/png-text.ts';

/** Writes `0001-seed1.png` and so on; every hundredth shows a cat, all others a dog. */
export async function drawMany(work: string, count: number): Promise<void> {
  const folder = join(work, 'pictures');
  await mkdir(folder, { recursive: true });
  const side = 8;
  const grounds = await Promise.all(
    Array.from({ length: 16 }, (_, n) =>
      encodePng({ width: side, height: side, data: new Uint8Array(3 * side * side).fill(16 * n) }),
    ),
  );
  for (let seed = 1; seed <= count; seed++) {
    const ground = grounds[seed % grounds.length];
    if (ground === undefined) throw new Error('there is a ground for every seed');
    const prompt = seed % 100 === 0 ? `a cat, ${seed}` : `a dog, ${seed}`;
    const krona = JSON.stringify({ prompt, seed, base: 'pocket', adapters: [], steps: 2 });
    const name = `${String(seed).padStart(4, '0')}-seed${seed}.png`;
    await writeFile(join(folder, name), writePngText(ground, { krona }));
  }
}

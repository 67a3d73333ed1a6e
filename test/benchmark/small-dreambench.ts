/** @file A copy of DreamBench with tiny pictures, as files by path, and the command run on it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { readDreamBench } from '../../src/experiments/benchmark/dreambench.ts';
import { krona, type Outcome } from '../cli/terminal.ts';

/** A JPEG unlike those of other numbers. */
export async function smallPicture(number: number): Promise<Uint8Array> {
  const width = 24;
  const pixels = Uint8Array.from({ length: width * width * 3 }, (_, i) => (i * (number + 7)) % 251);
  const raw = { width, height: width, channels: 3 } as const;
  return new Uint8Array(await sharp(pixels, { raw }).jpeg().toBuffer());
}

/** What the repository holds: `dataset/dog/00.jpg` and the texts beside. */
export async function smallDreamBench(): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const text = new TextEncoder().encode('a text\n');
  for (const path of ['README.md', '.gitattributes', 'dataset/references_and_licenses.txt']) {
    files.set(path, text);
  }
  for (const { name, pictures } of (await readDreamBench()).subjects) {
    for (let i = 0; i < pictures; i++) {
      files.set(`dataset/${name}/0${i}.jpg`, await smallPicture(files.size));
    }
  }
  return files;
}

/** Writes files into a folder. */
export async function write(
  folder: string,
  files: Iterable<readonly [path: string, bytes: Uint8Array]>,
): Promise<void> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** What `krona dreambench ...argv` does; `onOutput` gets a way to press Ctrl-C. */
export async function dreambench(
  argv: readonly string[],
  onOutput?: (text: string, interrupt: () => void) => void,
): Promise<Outcome> {
  return await krona(['dreambench', ...argv], onOutput === undefined ? {} : { onOutput });
}

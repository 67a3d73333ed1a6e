/** @file `npm run pocket:measure -- FOLDER OUT`: what a model of the world can do, in figures and on sheets. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openImageText } from '../../src/metrics/image-text.ts';
import { openSelfSupervised } from '../../src/metrics/self-supervised.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { writeFileAtomic } from '../../src/storage/files/atomic-file.ts';
import { writeJson } from '../model-folder.ts';
import { backgrounds } from '../world/backgrounds/backgrounds.ts';
import { classes } from '../world/classes/classes.ts';
import { sheetOf } from '../world/sheet.ts';
import { measureAutoencoder } from './autoencoder-measures.ts';
import { measureRecognition, measureRetrieval } from './encoder-measures.ts';
import { askedScenes, measureFidelity, samplesOf, trueScenesOf } from './sample-measures.ts';

const samples = 96;
/** Samples on the sheet, and in a row of it. */
const [shown, across] = [32, 8];

async function measure(folder: string, out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  await using clip = await openImageText({ name: 'clip', folder: join(folder, 'clip') });
  await using dino = await openSelfSupervised({ name: 'dino', folder: join(folder, 'dino') });
  const base = await openBaseModel(folder);
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
  const asked = askedScenes(names(classes), names(backgrounds), samples);
  const drawn = await samplesOf(folder, asked, join(out, 'prompts.txt'));
  const pixels = drawn.slice(0, shown).map(({ data }) => data);
  await writeFileAtomic(join(out, 'samples.png'), await sheetOf(pixels, across));
  await writeJson(join(out, 'measures.json'), {
    autoencoder: { peakSignalToNoise: await measureAutoencoder(base) },
    clip: { ...(await measureRecognition(clip)), retrieval: await measureRetrieval(clip) },
    dino: await measureRecognition(dino),
    samples: await measureFidelity(clip, asked, drawn),
    trueScenes: await measureFidelity(clip, asked, await trueScenesOf(asked)),
  });
}

const [folder, out] = process.argv.slice(2);
if (folder === undefined || out === undefined) {
  console.error('expected: npm run pocket:measure -- FOLDER OUT');
  process.exitCode = 2;
} else {
  await measure(folder, out);
}

/** @file How often samples show the class and the background that their prompts ask for, as CLIP sees them, beside true scenes. */
import { required } from '../../src/base/required.ts';
import { decodeImage, type Image } from '../../src/data/image.ts';
import { generate } from '../../src/index.ts';
import { mean, meanCosine } from '../../src/metrics/cosine.ts';
import type { ImageTextEncoder } from '../../src/metrics/image-text.ts';
import { writeFileAtomic } from '../../src/storage/files/atomic-file.ts';
import { concatenated, rowsOf, type Tensor } from '../../src/tensor/tensor.ts';
import { backgroundNamed } from '../world/backgrounds/backgrounds.ts';
import { withArticle } from '../world/captions.ts';
import { meanRow, nearestRows } from './encoder-measures.ts';
import { picturesOf, unseenScenes } from './unseen-scenes.ts';

/** A prompt, and what it asks for. */
export interface AskedScene {
  readonly prompt: string;
  readonly className: string;
  readonly background: string;
}

/** Shares of pictures, and the mean cosine with their prompts. */
export interface PromptFidelity {
  readonly classRight: number;
  readonly backgroundRight: number;
  /** The picture's own prompt is the nearest of all. */
  readonly promptRight: number;
  readonly clipT: number;
}

/** Classes by turns on backgrounds by turns, so that neither comes twice with the other. */
export function askedScenes(
  classes: readonly string[],
  backgrounds: readonly string[],
  count: number,
): readonly AskedScene[] {
  return Array.from({ length: count }, (_, i) => {
    const className = required(classes, i % classes.length);
    const round = Math.floor(i / classes.length);
    const background = required(backgrounds, (i * 5 + round * 7) % backgrounds.length);
    const [phrase = ''] = backgroundNamed(background).phrases;
    return { prompt: `${withArticle(className)} ${phrase}`, className, background };
  });
}

/** One sample of each prompt, in their order. @param promptFile is written with them */
export async function samplesOf(
  folder: string,
  asked: readonly AskedScene[],
  promptFile: string,
): Promise<readonly Image[]> {
  await writeFileAtomic(promptFile, asked.map(({ prompt }) => `${prompt}\n`).join(''));
  const { pictures } = await generate({ base: folder, prompts: promptFile, count: 1, seed: 0 });
  return await Promise.all(pictures.map(({ png, prompt }) => decodeImage(png, prompt)));
}

/** What each prompt asks for, as the world draws it. */
export async function trueScenesOf(asked: readonly AskedScene[]): Promise<readonly Image[]> {
  const options = asked.map(({ className, background }) => ({
    ...{ className, background },
    ...({ style: 'none', accessory: 'none', colour: 'none' } as const),
  }));
  return await picturesOf(unseenScenes(103, options));
}

/** Fidelity of pictures, one for each prompt. */
export async function measureFidelity(
  clip: ImageTextEncoder,
  asked: readonly AskedScene[],
  pictures: readonly Image[],
): Promise<PromptFidelity> {
  const seen = await clip.encodePictures(pictures);
  const classes = [...new Set(asked.map(({ className }) => className))];
  const backgrounds = [...new Set(asked.map(({ background }) => background))];
  const classTexts = await clip.encodeTexts(
    classes.map((name) => `a photo of ${withArticle(name)}`),
  );
  const backgroundTexts = await backgroundRows(clip, classes, backgrounds);
  const promptTexts = await clip.encodeTexts(asked.map(({ prompt }) => prompt));
  const share = (texts: Tensor<'f32'>, isRight: (found: number, i: number) => boolean) =>
    mean(nearestRows(seen, texts).map((found, i) => Number(isRight(found, i))));
  return {
    classRight: share(classTexts, (at, i) => classes[at] === asked[i]?.className),
    backgroundRight: share(backgroundTexts, (at, i) => backgrounds[at] === asked[i]?.background),
    promptRight: share(promptTexts, (at, i) => asked[at]?.prompt === asked[i]?.prompt),
    clipT: mean(
      asked.map((_, i) => meanCosine(rowsOf(seen, i, i + 1), rowsOf(promptTexts, i, i + 1))),
    ),
  };
}

/** Backgrounds in the texts of all classes, averaged, so that no class is asked for. */
async function backgroundRows(
  clip: ImageTextEncoder,
  classes: readonly string[],
  backgrounds: readonly string[],
): Promise<Tensor<'f32'>> {
  const rows: Tensor<'f32'>[] = [];
  for (const background of backgrounds) {
    const [phrase = ''] = backgroundNamed(background).phrases;
    rows.push(
      meanRow(await clip.encodeTexts(classes.map((name) => `${withArticle(name)} ${phrase}`))),
    );
  }
  return concatenated(rows);
}

/** @file The scores of a subject's pictures: CLIP-I, CLIP-T and DINO, how varied and how near to copies they are, how they look. */
import { required } from '../base/required.ts';
import type { Image, PicturesByName } from '../data/image.ts';
import { rowsOf, type Tensor } from '../tensor/tensor.ts';
import { type Appearance, appearanceOf } from './appearance/appearance.ts';
import { colourProfile } from './appearance/colour-distance.ts';
import { largestCosine, meanCosine, meanPairCosine } from './cosine.ts';
import type { ImageTextEncoder } from './image-text.ts';
import type { EvaluationPrompt } from './prompts.ts';
import { sceneDirection } from './scene-direction.ts';
import { readPictures } from './scored-pictures.ts';
import type { SelfSupervisedEncoder } from './self-supervised.ts';

/** The encoders that judge. */
export interface Judges {
  readonly clip: Pick<ImageTextEncoder, 'name' | 'encodePictures' | 'encodeTexts'>;
  readonly dino: Pick<SelfSupervisedEncoder, 'name' | 'encodePictures'>;
}

/** A prompt and the files of the pictures that show it. */
export interface PromptPictures {
  readonly prompt: EvaluationPrompt;
  readonly files: readonly string[];
}

/** A subject's real pictures and those that were made of it. */
export interface SubjectPictures {
  readonly subject: string;
  /** `dog` */
  readonly className: string;
  readonly real: readonly string[];
  readonly prompts: readonly PromptPictures[];
  /** Bytes of those pictures that are no files. @default all are files */
  readonly given?: PicturesByName | undefined;
}

/** The scores of one picture. */
export interface PictureScores extends Appearance {
  readonly subject: string;
  readonly prompt: string;
  readonly file: string;
  /** Mean cosine with all real pictures of the subject, in CLIP and in DINO. */
  readonly clipI: number;
  readonly dino: number;
  /** Cosine with the prompt, the class word in the subject's place. */
  readonly clipT: number;
  /** The same with the prompt as typed. */
  readonly clipTTyped: number;
  /** The same with what the class word does not explain of the prompt; undefined where it says nothing else. */
  readonly clipTScene: number | undefined;
  /** Cosine with the nearest real picture; near 1 it is a copy. */
  readonly nearestClip: number;
  readonly nearestDino: number;
}

/** How varied the pictures of one prompt are: mean of 1 - cosine over all pairs; undefined of a single picture. */
export interface PromptDiversity {
  readonly subject: string;
  readonly prompt: string;
  readonly diversityClip: number | undefined;
  readonly diversityDino: number | undefined;
}

/** How alike a subject's real pictures are, over all pairs: what the best of methods could reach. */
export interface RealSimilarity {
  readonly subject: string;
  readonly clipI: number | undefined;
  readonly dino: number | undefined;
}

export interface SubjectScores {
  readonly pictures: readonly PictureScores[];
  readonly prompts: readonly PromptDiversity[];
  readonly real: RealSimilarity;
}

/**
 * Scores the pictures of a subject, holding those of one prompt at a time.
 *
 * @param onPrompt called after each prompt
 * @throws DataError IMAGE_UNREADABLE
 */
export async function scoreSubject(
  judges: Judges,
  { subject, className, real: realFiles, prompts: groups, given }: SubjectPictures,
  onPrompt: (done: number) => void = () => {},
): Promise<SubjectScores> {
  const real = await embed(judges, realFiles, given);
  const colours = real.pictures.map(colourProfile);
  const pictures: PictureScores[] = [];
  const prompts: PromptDiversity[] = [];
  for (const { prompt, files } of groups) {
    const made = await embed(judges, files, given);
    const texts = await embedPrompt(judges, prompt, className);
    for (const [i, file] of files.entries()) {
      const clip = rowsOf(made.clip, i, i + 1);
      const dino = rowsOf(made.dino, i, i + 1);
      pictures.push({
        subject,
        prompt: prompt.typed,
        file,
        clipI: meanCosine(clip, real.clip),
        dino: meanCosine(dino, real.dino),
        clipT: meanCosine(clip, texts.plain),
        clipTTyped: meanCosine(clip, texts.typed),
        clipTScene: texts.scene && meanCosine(clip, texts.scene),
        nearestClip: largestCosine(clip, real.clip),
        nearestDino: largestCosine(dino, real.dino),
        ...appearanceOf(required(made.pictures, i), { prompt: prompt.plain, real: colours }),
      });
    }
    prompts.push({
      subject,
      prompt: prompt.typed,
      diversityClip: distance(meanPairCosine(made.clip)),
      diversityDino: distance(meanPairCosine(made.dino)),
    });
    onPrompt(prompts.length);
  }
  const alike = { clipI: meanPairCosine(real.clip), dino: meanPairCosine(real.dino) };
  return { pictures, prompts, real: { subject, ...alike } };
}

async function embedPrompt({ clip }: Judges, prompt: EvaluationPrompt, className: string) {
  const texts = await clip.encodeTexts([prompt.plain, prompt.typed, `a ${className}`]);
  const [plain, typed, ofClass] = [rowsOf(texts, 0, 1), rowsOf(texts, 1, 2), rowsOf(texts, 2, 3)];
  return { plain, typed, scene: sceneDirection(plain, ofClass) };
}

interface Embeddings {
  readonly pictures: readonly Image[];
  readonly clip: Tensor<'f32'>;
  readonly dino: Tensor<'f32'>;
}

/** The pictures of files, and in both spaces. */
export async function embed(
  { clip, dino }: Judges,
  files: readonly string[],
  given?: PicturesByName,
): Promise<Embeddings> {
  const pictures = await readPictures(files, given);
  return {
    pictures,
    clip: await clip.encodePictures(pictures),
    dino: await dino.encodePictures(pictures),
  };
}

function distance(cosine: number | undefined): number | undefined {
  return cosine === undefined ? undefined : 1 - cosine;
}

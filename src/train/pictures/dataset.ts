/** @file What a run trains on, computed once: the latent moments of every picture and the text states of its prompt. */
import type { PlacedAdapter } from '../../adapters/index.ts';
import { requireKnownPlaces } from '../../base/subject-template.ts';
import { nearestBucket } from '../../data/buckets.ts';
import { type Crop, sameSize } from '../../data/cover.ts';
import type { Image } from '../../data/image.ts';
import type { Skipped } from '../../data/image-folder.ts';
import type { MaskPlace } from '../../data/masks/mask-files.ts';
import type { PromptSyntax } from '../../data/prompts/prompt-syntax.ts';
import { readTrainingFolder, type TrainingFolderOptions } from '../../data/training-folder.ts';
import { dreamboothTransform, resizeAndCrop, toTensor } from '../../data/transforms.ts';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import {
  ImageEncoder,
  type LatentMoments,
  type PictureSize,
} from '../../pipeline/draw/autoencoder.ts';
import type { Framing } from '../../pipeline/text/conditioning.ts';
import { withNewTokens } from '../../pipeline/text/new-tokens.ts';
import { type EncodedText, TextEncoder } from '../../pipeline/text/text-encoder.ts';
import { adaptsTexts } from '../../pipeline/text/text-network.ts';
import { type TokenizedText, tokenize } from '../../pipeline/text/tokenized-prompt.ts';
import { join } from '../../platform/paths.ts';
import { reshaped, type Tensor } from '../../tensor/tensor.ts';
import { cutMask } from '../masks/cut-masks.ts';
import { shareOfLatents } from '../masks/loss-mask.ts';
import type { MaskSource } from '../settings/mask-settings.ts';
import { frameOf, movedFrames, setFile } from './moved-frames.ts';
import { countSizes } from './picture-sizes.ts';
import { pictureWarnings } from './picture-warnings.ts';

/** A picture as the UNet sees it. */
export interface EncodedPicture extends LatentMoments {
  readonly framing: Framing;
  /** Which of the concept's texts describes it. */
  readonly text: number;
  /** How often it is shown in an epoch. */
  readonly repeats: number;
  /** How white its mask is, where it has one. */
  readonly mask?: Tensor<'f32'> | undefined; // [1, 1, h, w]
}

/** Pictures of one kind and the texts that describe them. */
export interface Concept {
  readonly pictures: readonly EncodedPicture[];
  readonly texts: readonly Text[];
}

/** A text as training takes it: token ids where the text encoders are trained too. */
export type Text = EncodedText | TokenizedText;

/** Pictures of the subject, and of its class where prior preservation is on. */
export interface Dataset {
  readonly subject: Concept;
  readonly prior: Concept | undefined;
}

/** A picture cut to size. */
export interface FramedPicture {
  /** Relative to its folder. */
  readonly name: string;
  readonly crop: Crop;
  readonly framing: Framing;
  /** Its own caption, where it has one. */
  readonly caption: string | undefined;
  readonly repeats: number;
  /** The same part of its mask, where it has one. */
  readonly mask?: Image | undefined;
}

/** Pictures as they were found and cut, before encoding. */
export interface LoadedPictures {
  readonly pictures: readonly FramedPicture[];
  readonly skipped: readonly Skipped[];
  /** What was found strange about the pictures, one sentence each. */
  readonly warnings: readonly string[];
}

export interface LoadOptions extends Omit<TrainingFolderOptions, 'maskFiles'> {
  /** @default no masks */
  readonly masks?: (MaskPlace & { readonly source: MaskSource }) | undefined;
  /** Each picture gets the one of its proportions. */
  readonly sizes: readonly PictureSize[];
}

/**
 * Reads, resizes and crops the pictures of a folder, and their masks where these are asked for.
 *
 * @throws DataError where there are none, or naming those that cannot be read
 * @throws ConfigError UNKNOWN_PLACEHOLDER of a caption; FormatError FRAMES_INVALID
 */
export async function loadPictures(
  folder: string,
  { sizes, masks, ...options }: LoadOptions,
): Promise<LoadedPictures> {
  const frames = await movedFrames(folder);
  const maskFiles = masks?.source === 'alpha' ? undefined : masks;
  const reading = { ...options, maskFiles };
  const found = await readTrainingFolder(folder, reading, (image, name) => {
    const target = nearestBucket(sizes, image);
    const crop = resizeAndCrop(image, dreamboothTransform(target), frameOf(frames, name));
    const original = { height: image.height, width: image.width };
    return { crop, framing: { original, crop: crop.origin, target } };
  });
  const pictures: FramedPicture[] = [];
  for (const { image, mask: file, ...picture } of found.pictures) {
    const path = join(folder, picture.name);
    const around = frameOf(frames, picture.name);
    const mask =
      masks && (await cutMask({ path, mask: file, around, ...image.framing }, masks.source));
    pictures.push({ ...picture, ...image, mask });
  }
  for (const { name, caption = '' } of pictures) {
    requireKnownPlaces(caption, `${join(folder, name)}: its caption "${caption}"`);
  }
  const skipped = found.skipped.filter(({ name }) => name !== setFile);
  const asked = { captions: options.captions, masks: masks !== undefined };
  return { pictures, skipped, warnings: pictureWarnings(pictures, asked) };
}

/** A kind of picture with the prompts of its pictures. */
export interface Described {
  readonly pictures: readonly FramedPicture[];
  /** What each picture's caption, or the lack of one, makes its prompt. */
  readonly promptOf: (caption: string | undefined) => string;
}

/**
 * The moments of every picture, size after size, and its prompt's place among the encoded ones.
 *
 * @param context `onEncoded` is called after every picture
 */
export async function encodeConcept(
  base: BaseModel,
  { pictures, promptOf }: Described,
  { encoded, onEncoded }: { readonly encoded: EncodedPrompts; readonly onEncoded: OnEncoded },
): Promise<Concept> {
  const prompts = distinctPrompts([{ pictures, promptOf }]);
  const results: EncodedPicture[] = [];
  for (const size of countSizes(pictures.map(({ crop }) => crop))) {
    await using encoder = await ImageEncoder.open(base, size);
    for (const { crop, framing, caption, repeats, mask } of pictures) {
      if (!sameSize(crop, size)) continue;
      const pixels = toTensor(crop);
      const moments = await encoder.encode(reshaped(pixels, [1, ...pixels.shape]));
      results.push({
        ...{ ...moments, framing, text: prompts.indexOf(promptOf(caption)), repeats },
        ...(mask && { mask: shareOfLatents(mask, base.vae.config.downsampling) }),
      });
      await onEncoded();
    }
  }
  return {
    pictures: results,
    texts: prompts.flatMap((prompt) => encoded.texts.get(prompt) ?? []),
  };
}

/** Every prompt once, in the order of the pictures. */
export function distinctPrompts(described: readonly Described[]): readonly string[] {
  const prompts = described.flatMap(({ pictures, promptOf }) =>
    pictures.map(({ caption }) => promptOf(caption)),
  );
  return [...new Set(prompts)];
}

type OnEncoded = () => Promise<void>;

interface PromptEncoding {
  readonly placed: readonly PlacedAdapter[];
  readonly syntax: PromptSyntax;
  readonly leastChunks: number;
  readonly onEncoded: OnEncoded;
}

export interface EncodedPrompts {
  readonly texts: ReadonlyMap<string, Text>;
  /** What did not fit of them. */
  readonly truncated: readonly string[];
}

/**
 * Encodes every prompt; only cuts it into tokens where adapters change the text encoders. All get as many chunks as the
 * longest, the others filled up with empty ones.
 */
export async function encodePrompts(
  base: BaseModel,
  prompts: readonly string[],
  { placed, syntax, leastChunks, onEncoded }: PromptEncoding,
): Promise<EncodedPrompts> {
  const known = withNewTokens(base, [{ placed }]);
  await using encoder = adaptsTexts(placed) ? undefined : await TextEncoder.open(base);
  const chunksOf = (prompt: string) => tokenize(known, prompt, { syntax }).chunks ?? 1;
  const reading = { syntax, chunks: Math.max(leastChunks, ...prompts.map(chunksOf)) };
  const texts = new Map<string, Text>();
  const truncated: string[] = [];
  for (const prompt of prompts) {
    const { truncated: rest, ...text } = await (encoder?.encode(prompt, reading) ??
      tokenize(known, prompt, reading));
    texts.set(prompt, text);
    if (rest !== undefined) truncated.push(rest);
    await onEncoded();
  }
  return { texts, truncated };
}

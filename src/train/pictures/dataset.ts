/** @file What a run trains on, computed once: the latent moments of every picture and the text states of its prompt. */
import type { PlacedAdapter } from '../../adapters/index.ts';
import { required } from '../../base/required.ts';
import { requireKnownPlaces } from '../../base/subject-template.ts';
import { inParallel } from '../../base/turns.ts';
import { nearestBucket } from '../../data/buckets.ts';
import { cropAt, resizeToCover, sameSize } from '../../data/cover.ts';
import type { Skipped } from '../../data/image-folder.ts';
import type { MaskPlace } from '../../data/masks/mask-files.ts';
import type { PromptSyntax } from '../../data/prompts/prompt-syntax.ts';
import { readTrainingFolder, type TrainingFolderOptions } from '../../data/training-folder.ts';
import { dreamboothTransform, toTensor } from '../../data/transforms.ts';
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
import {
  cutPlaces,
  mirroredView,
  type PictureView,
  type ViewOptions,
} from '../variations/picture-views.ts';
import { frameOf, movedFrames, setFile } from './moved-frames.ts';
import { countSizes } from './picture-sizes.ts';
import { pictureWarnings } from './picture-warnings.ts';

/** A picture as the UNet sees it, cut in one place. */
export interface EncodedView extends LatentMoments {
  readonly framing: Framing;
  /** How white its mask is, where it has one. */
  readonly mask?: Tensor<'f32'> | undefined; // [1, 1, h, w]
}

/** A picture as the UNet sees it. */
export interface EncodedPicture extends EncodedView {
  /** Which of the concept's texts describes it. */
  readonly text: number;
  /** Other texts that describe it too. */
  readonly otherTexts?: readonly number[] | undefined;
  /** Other views of it, of the same size. */
  readonly others?: readonly EncodedView[] | undefined;
  /** How often it is shown in an epoch. */
  readonly repeats: number;
}

/** Pictures of one kind and the texts that describe them. */
export interface Concept {
  readonly pictures: readonly EncodedPicture[];
  readonly texts: readonly Text[];
  /** Which of the texts is the empty one, where samples may be shown without theirs. */
  readonly emptyText?: number | undefined;
}

/** A text as training takes it: token ids where the text encoders are trained too. */
export type Text = EncodedText | TokenizedText;

/** Pictures of the subject, and of its class where prior preservation is on. */
export interface Dataset {
  readonly subject: Concept;
  readonly prior: Concept | undefined;
}

/** A picture cut to size. */
export interface FramedPicture extends PictureView {
  /** Relative to its folder. */
  readonly name: string;
  /** Its own, where it has any. */
  readonly captions: readonly string[];
  readonly repeats: number;
  /** Other views of it. */
  readonly others: readonly PictureView[];
  /** Which of the run's subjects it shows, or is of the class of. */
  readonly concept: number;
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
  /** @default one of each picture, around its middle */
  readonly views?: ViewOptions | undefined;
  /** Which of the run's subjects they show. @default the first */
  readonly concept?: number;
}

/**
 * Reads, resizes and crops the pictures of a folder, and their masks where these are asked for.
 *
 * @throws DataError where there are none, or naming those that cannot be read
 * @throws ConfigError UNKNOWN_PLACEHOLDER of a caption; FormatError FRAMES_INVALID
 */
export async function loadPictures(
  folder: string,
  { sizes, masks, views, concept = 0, ...options }: LoadOptions,
): Promise<LoadedPictures> {
  const frames = await movedFrames(folder);
  const maskFiles = masks?.source === 'alpha' ? undefined : masks;
  const reading = { ...options, maskFiles };
  const found = await readTrainingFolder(folder, reading, (image, name) => {
    const target = nearestBucket(sizes, image);
    const resized = resizeToCover(image, target, dreamboothTransform(target).filter);
    const around = frameOf(frames, name);
    const places = cutPlaces(resized, target, { around, ...(views && { views }) });
    const original = { height: image.height, width: image.width };
    return { original, target, crops: places.map((place) => cropAt(resized, target, place)) };
  });
  const pictures: FramedPicture[] = [];
  for (const { image, mask: file, ...picture } of found.pictures) {
    const { original, target, crops } = image;
    const places = crops.map(({ origin }) => origin);
    const path = join(folder, picture.name);
    const toMask = { path, mask: file, original, target, places };
    const cut = masks && (await cutMask(toMask, masks.source));
    const seen = crops.map((crop, i): PictureView => {
      return { crop, framing: { original, crop: crop.origin, target }, mask: cut?.[i] };
    });
    const [first, ...others] = views?.flip ? [...seen, ...seen.map(mirroredView)] : seen;
    if (first !== undefined) pictures.push({ ...picture, ...first, others, concept });
  }
  for (const { name, captions } of pictures) {
    for (const caption of captions) {
      requireKnownPlaces(caption, `${join(folder, name)}: its caption "${caption}"`);
    }
  }
  const skipped = found.skipped.filter(({ name }) => name !== setFile);
  const asked = { captions: options.captions, masks: masks !== undefined };
  return { pictures, skipped, warnings: pictureWarnings(pictures, asked) };
}

/** A kind of picture with the prompts of its pictures. */
export interface Described {
  readonly pictures: readonly FramedPicture[];
  /** Those of each picture, at least one. */
  readonly prompts: readonly (readonly string[])[];
  /** Whether samples may be shown without a text. */
  readonly mayBeEmpty: boolean;
}

/**
 * The moments of every picture, size after size, and the places of its prompts among the encoded ones.
 *
 * @param context `onEncoded` is called after every picture
 */
export async function encodeConcept(
  base: BaseModel,
  described: Described,
  { encoded, onEncoded }: { readonly encoded: EncodedPrompts; readonly onEncoded: OnEncoded },
): Promise<Concept> {
  const { pictures, mayBeEmpty } = described;
  const prompts = distinctPrompts([described]);
  const results: EncodedPicture[] = [];
  for (const size of countSizes(pictures.map(({ crop }) => crop))) {
    await using encoder = await ImageEncoder.open(base, size);
    for (const [i, { others, repeats, ...first }] of pictures.entries()) {
      if (!sameSize(first.crop, size)) continue;
      const [view, ...otherViews] = [
        await encodedView(base, encoder, first),
        // A session computes one at a time.
        ...(await inParallel(others, (other) => encodedView(base, encoder, other), { width: 1 })),
      ];
      const own = required(described.prompts, i).map((prompt) => prompts.indexOf(prompt));
      const [text = 0, ...otherTexts] = new Set(own);
      results.push({
        ...{ ...view, text, repeats },
        ...(otherTexts.length > 0 && { otherTexts }),
        ...(otherViews.length > 0 && { others: otherViews }),
      });
      await onEncoded();
    }
  }
  return {
    pictures: results,
    texts: prompts.flatMap((prompt) => encoded.texts.get(prompt) ?? []),
    ...(mayBeEmpty && { emptyText: prompts.indexOf('') }),
  };
}

async function encodedView(
  base: BaseModel,
  encoder: ImageEncoder,
  { crop, framing, mask }: PictureView,
): Promise<EncodedView> {
  const pixels = toTensor(crop);
  const moments = await encoder.encode(reshaped(pixels, [1, ...pixels.shape]));
  return {
    ...{ ...moments, framing },
    ...(mask && { mask: shareOfLatents(mask, base.vae.config.downsampling) }),
  };
}

/** Every prompt once, in the order of the pictures, the empty one last. */
export function distinctPrompts(described: readonly Described[]): readonly string[] {
  const prompts = described.flatMap((each) => each.prompts.flat());
  const isAnyEmpty = described.some(({ mayBeEmpty }) => mayBeEmpty);
  return [...new Set([...prompts, ...(isAnyEmpty ? [''] : [])])];
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

/** @file A base model: its parts, and what follows from them for those who use it. */
import { ModelError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import type { BertTokenizer } from '../../data/bert/bert-tokenizer.ts';
import type { ClipTokenizer } from '../../data/tokenizer.ts';
import type { Transform } from '../../data/transforms.ts';
import type { SchedulerConfig } from '../../diffusion/scheduler-config.ts';
import type { QueryFormerConfig } from '../../models/blip/blip-config.ts';
import type { ClipTextConfig } from '../../models/clip/clip-config.ts';
import type { UNetConfig } from '../../models/unet/unet-config.ts';
import type { VaeConfig } from '../../models/vae/vae-config.ts';
import type { ModelWeights } from '../../models/weights.ts';
import type { DeviceLimits, DeviceName } from '../../runtime/index.ts';
import type { Recommendation } from './recommended/recommendation.ts';
import type { UpscalerPart } from './upscaler-part.ts';

/** A configuration and the weights that were found to fit it. */
export interface ModelPart<Config> {
  readonly config: Config;
  readonly weights: ModelWeights;
}

/** A text encoder and the tokenizer that was trained with it. */
export interface TextPart extends ModelPart<ClipTextConfig> {
  readonly tokenizer: ClipTokenizer;
}

/** What sees a subject in pictures and says it to the text encoder: BLIP-Diffusion's Q-former. */
export interface SubjectPart extends ModelPart<QueryFormerConfig> {
  /** Of the subject's name. */
  readonly tokenizer: BertTokenizer;
  /** How it wants its pictures. */
  readonly normalisation: Pick<Transform, 'mean' | 'deviation'>;
  /** Where in a prompt's tokens, the start's included, its context vectors stand. */
  readonly position: number;
}

/** Everything between a prompt and a picture. */
export interface BaseModel {
  /** As the user named it: `pocket`, a folder or a file; of the hub, the very content: `owner/name@<commit>`. */
  readonly name: string;
  /** Where it lies: a folder, or the single file itself. */
  readonly folder: string;
  /** In the order the UNet's context joins them; all take texts of one length. */
  readonly textEncoders: readonly TextPart[];
  /** Whether an empty negative prompt is zeros rather than the states of an empty text. */
  readonly zeroNegative: boolean;
  /**
   * Which layer of the text encoders the UNet is told, counted from the last; of SDXL, which is told the one before the
   * last, 1 and 2 are the same.
   *
   * @default 1
   */
  readonly clipSkip?: number;
  readonly unet: ModelPart<UNetConfig>;
  readonly vae: ModelPart<VaeConfig>;
  readonly scheduler: SchedulerConfig;
  /** Where the model has one: BLIP-Diffusion. */
  readonly subjectEncoder?: SubjectPart | undefined;
  /** Where the model enlarges pictures, which its UNet sees: the x4 upscaler. */
  readonly upscaler?: UpscalerPart | undefined;
  /** Settings that suit this model, where it comes with any. */
  readonly recommendation: Recommendation;
  /** What was decided without the user, one sentence each. */
  readonly notes?: readonly string[];
  /** What its UNet is computed with. @default 'stored' */
  readonly precision?: 'stored' | 'int8' | 'int8-weights';
  /** Where it computes. @default 'cpu' */
  readonly device?: DeviceName;
  /** What that device takes. @default nothing is known of it */
  readonly limits?: DeviceLimits;
}

/** Where a model computes, for those who open its parts. */
export function placeOf({ device, limits }: BaseModel): Pick<BaseModel, 'device' | 'limits'> {
  return { ...(device && { device }), ...(limits && { limits }) };
}

/** Tokens of every text, filled up. */
export function textLength({ textEncoders }: Pick<BaseModel, 'textEncoders'>): number {
  return required(textEncoders, 0).config.positions;
}

/** Size of the text as one vector, of the last encoder. */
export function pooledSize({ textEncoders }: Pick<BaseModel, 'textEncoders'>): number {
  const last = textEncoders.at(-1)?.config;
  return last?.projection ?? last?.size ?? 0;
}

/** How many numbers describe a picture to the UNet beside the pooled text: 6 for SDXL, 5 for its refiner, else 0. */
export function timeIdCount(base: Pick<BaseModel, 'textEncoders' | 'unet'>): number {
  const { addition } = base.unet.config;
  if (addition === undefined) return 0;
  return (addition.featureSize - pooledSize(base)) / addition.timeSize;
}

/** Whether an aesthetic score is among these numbers, which tells SDXL's refiner from its base. */
export function takesScore(base: Pick<BaseModel, 'textEncoders' | 'unet'>): boolean {
  return timeIdCount(base) === 5;
}

/**
 * The model itself, where its parts fit together.
 *
 * @throws ModelError PARTS_DIFFER
 */
export function requireFitting(base: BaseModel): BaseModel {
  const { textEncoders, unet, folder } = base;
  const refuse = (problem: string): never => {
    throw new ModelError(
      'PARTS_DIFFER',
      `${folder}: ${problem}; the parts come from different models`,
    );
  };
  const { contextSize, addition } = unet.config;
  const sizes = textEncoders.map(({ config }) => config.size);
  const size = sizes.reduce((sum, each) => sum + each, 0);
  if (size !== contextSize) {
    const given =
      sizes.length === 1 ? 'the text encoder gives' : `${sizes.length} text encoders give`;
    refuse(`the UNet takes text states of size ${contextSize}, ${given} ${size}`);
  }
  const lengths = new Set(textEncoders.map(({ config }) => config.positions));
  if (lengths.size > 1) refuse(`the text encoders take ${[...lengths].join(' and ')} tokens`);
  const ids = timeIdCount(base);
  if (addition !== undefined && ids !== 5 && ids !== 6) {
    refuse(
      `the UNet takes ${addition.featureSize} features of pooled text and sizes, the last text encoder gives ${pooledSize(base)} and sizes take ${addition.timeSize} each`,
    );
  }
  requireSubjectFits(base, refuse);
  return base;
}

/** Context vectors stand among the embedded tokens of a prompt, behind its start and before its end. */
function requireSubjectFits(base: BaseModel, refuse: (problem: string) => never): void {
  const { subjectEncoder, textEncoders } = base;
  if (subjectEncoder === undefined) return;
  const { config, position, tokenizer } = subjectEncoder;
  const { size, queries, vocabulary } = config;
  const text = required(textEncoders, 0).config.size;
  if (textEncoders.length > 1) refuse('a Q-former speaks to one text encoder, here are two');
  if (size !== text) {
    refuse(`the Q-former gives context vectors of size ${size}, the text encoder takes ${text}`);
  }
  const last = textLength(base) - queries - 1;
  if (position < 1 || position > last) {
    refuse(
      `model_index.json: ctx_begin_pos is ${position}, expected 1 to ${last}, behind the start and before the end of a prompt of ${textLength(base)} tokens with ${queries} context vectors`,
    );
  }
  if (tokenizer.vocabularySize > vocabulary) {
    refuse(
      `the Q-former knows ${vocabulary} word pieces, its tokenizer has ${tokenizer.vocabularySize}; put the vocab.txt that it was trained with into qformer`,
    );
  }
}

/** @file model_index.json of the diffusers layout: which parts a model has. */
import * as z from 'zod';
import { ModelError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';

/** Context vectors stand behind the start of a prompt and its first word, "a". */
export const usualPosition = 2;

/** Timesteps of noise on the picture that upscalers were trained with. */
export const usualMostNoise = 350;

/** The pipeline whose Q-former sees the subject in pictures. */
const blipDiffusion = 'BlipDiffusionPipeline';

/** The pipeline whose UNet sees the picture that it enlarges. */
const upscaler = 'StableDiffusionUpscalePipeline';

/** Pipelines made of the parts we know, and whether their empty negative prompt is zeros unless their index says. */
const pipelines: ReadonlyMap<string, boolean> = new Map([
  ['StableDiffusionPipeline', false],
  ['StableDiffusionImg2ImgPipeline', false],
  ['StableDiffusionInpaintPipeline', false],
  ['StableDiffusionXLPipeline', true],
  ['StableDiffusionXLImg2ImgPipeline', true],
  ['StableDiffusionXLInpaintPipeline', true],
  [blipDiffusion, false],
  [upscaler, false],
]);

/** Library and class; a part that is left out is null or a pair of null. */
const part = z.array(z.string().nullable()).nullish();

/** Of pictures; those of CLIP where none are stated. */
const rgb = z.tuple([z.number(), z.number(), z.number().positive()]).readonly().nullish();

const classSchema = z.looseObject({ _class_name: z.string() });

const schema = z.looseObject({
  _class_name: z.string(),
  text_encoder: part,
  text_encoder_2: part,
  force_zeros_for_empty_prompt: z.boolean().nullish(),
  qformer: part,
  ctx_begin_pos: z.number().int().default(usualPosition),
  max_noise_level: z.int().nonnegative().default(usualMostNoise),
  mean: rgb,
  std: rgb,
});

/** What is in a folder besides UNet, VAE and scheduler. */
export interface ModelIndex {
  /** Folders of text encoders and of their tokenizers, in the order the UNet's context joins them. */
  readonly textEncoders: readonly { readonly encoder: string; readonly tokenizer: string }[];
  /** Whether an empty negative prompt is zeros rather than the states of an empty text. */
  readonly zeroNegative: boolean;
  /** Where the model sees subjects in pictures. */
  readonly subject: SubjectIndex | undefined;
  /** Where the model enlarges pictures: the most noise that it takes them under. */
  readonly upscaler: { readonly mostNoise: number } | undefined;
}

/** What model_index.json says of a Q-former: the rest stands in its own folder. */
export interface SubjectIndex {
  /** Where in a prompt its context vectors stand. */
  readonly position: number;
  readonly mean: readonly [number, number, number] | undefined;
  readonly deviation: readonly [number, number, number] | undefined;
}

/**
 * Reads a model_index.json.
 *
 * @throws ModelError MODEL_UNSUPPORTED for a pipeline of other parts
 */
export function parseModelIndex(json: unknown, path: string): ModelIndex {
  const named = classSchema.safeParse(json);
  const found = named.success ? named.data._class_name : 'no _class_name';
  const zeroNegative = pipelines.get(found);
  if (zeroNegative === undefined) {
    throw new ModelError(
      'MODEL_UNSUPPORTED',
      `${path}: expected a StableDiffusionPipeline, a StableDiffusionXLPipeline (SD 1.x, 2.x or XL), a BlipDiffusionPipeline or a StableDiffusionUpscalePipeline, found ${found}`,
    );
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const problems = schemaProblems(schema, json, parsed.error);
    throw new ModelError('MODEL_UNSUPPORTED', `${path}: ${problems}`);
  }
  const { text_encoder: first, text_encoder_2: second } = parsed.data;
  const isLeftOut = (each: typeof first) => each === null || each?.[0] === null;
  return {
    textEncoders: [
      ...(isLeftOut(first) ? [] : [{ encoder: 'text_encoder', tokenizer: 'tokenizer' }]),
      ...(second === undefined || isLeftOut(second)
        ? []
        : [{ encoder: 'text_encoder_2', tokenizer: 'tokenizer_2' }]),
    ],
    zeroNegative: parsed.data.force_zeros_for_empty_prompt ?? zeroNegative,
    subject: subjectOf(parsed.data, path),
    upscaler: found === upscaler ? { mostNoise: parsed.data.max_noise_level } : undefined,
  };
}

function subjectOf(index: z.output<typeof schema>, path: string): SubjectIndex | undefined {
  if (index._class_name !== blipDiffusion) return undefined;
  if (index.qformer === undefined || index.qformer === null || index.qformer[0] === null) {
    throw new ModelError(
      'MODEL_UNSUPPORTED',
      `${path}: expected a part "qformer", which every ${blipDiffusion} has, found none; take the model_index.json of the published model`,
    );
  }
  const { ctx_begin_pos: position, mean, std } = index;
  return { position, mean: mean ?? undefined, deviation: std ?? undefined };
}

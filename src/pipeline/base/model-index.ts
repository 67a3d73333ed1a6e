/** @file model_index.json of the diffusers layout: which parts a model has. */
import * as z from 'zod';
import { ModelError } from '../../base/errors.ts';

/** Pipelines made of the parts we know, and whether their empty negative prompt is zeros unless their index says. */
const pipelines: ReadonlyMap<string, boolean> = new Map([
  ['StableDiffusionPipeline', false],
  ['StableDiffusionImg2ImgPipeline', false],
  ['StableDiffusionInpaintPipeline', false],
  ['StableDiffusionXLPipeline', true],
  ['StableDiffusionXLImg2ImgPipeline', true],
  ['StableDiffusionXLInpaintPipeline', true],
]);

/** Library and class; a part that is left out is null or a pair of null. */
const part = z.array(z.string().nullable()).nullish();

const schema = z.looseObject({
  _class_name: z.string(),
  text_encoder: part,
  text_encoder_2: part,
  force_zeros_for_empty_prompt: z.boolean().nullish(),
});

/** What is in a folder besides UNet, VAE and scheduler. */
export interface ModelIndex {
  /** Folders of text encoders and of their tokenizers, in the order the UNet's context joins them. */
  readonly textEncoders: readonly { readonly encoder: string; readonly tokenizer: string }[];
  /** Whether an empty negative prompt is zeros rather than the states of an empty text. */
  readonly zeroNegative: boolean;
}

/**
 * Reads a model_index.json.
 *
 * @throws ModelError MODEL_UNSUPPORTED for a pipeline of other parts
 */
export function parseModelIndex(json: unknown, path: string): ModelIndex {
  const parsed = schema.safeParse(json);
  const found = parsed.success ? parsed.data._class_name : 'no _class_name';
  const zeroNegative = pipelines.get(found);
  if (!parsed.success || zeroNegative === undefined) {
    throw new ModelError(
      'MODEL_UNSUPPORTED',
      `${path}: expected a StableDiffusionPipeline or a StableDiffusionXLPipeline (SD 1.x, 2.x or XL), found ${found}`,
    );
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
  };
}

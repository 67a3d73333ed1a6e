/** @file A picture enlarged by a model made for it, with its settings inside. */
import { shortened } from '../../base/messages/shortened.ts';
import { required } from '../../base/required.ts';
import { encodePng, type Image } from '../../data/image.ts';
import { parseSamplerName } from '../../diffusion/samplers/index.ts';
import { writePngText } from '../../formats/png/png-text.ts';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import { withClipSkip } from '../../pipeline/base/clip-skip.ts';
import type { UpscalerPart } from '../../pipeline/base/upscaler-part.ts';
import { tilesThatFit } from '../../pipeline/draw/drawing-memory.ts';
import {
  requireNoiseLevel,
  requireUpscaler,
  type UpscalerModel,
  upscaled,
  upscaledSize,
  upscalingFactor,
} from '../../pipeline/draw/upscaler.ts';
import type { GenerateHost } from '../draw-plan.ts';
import { plannedPrompt } from '../prompts/planned-prompt.ts';
import { filled, promptsOf, type RequestedPrompts } from '../prompts/requested-prompts.ts';
import { parametersText } from '../settings/settings-text.ts';
import type { UpscaleConfig } from './upscale-options.ts';

/** As the reference of the published model. */
const usualNoiseLevel = 20;

/** A picture that was enlarged. */
export interface EnlargedPicture {
  /** With its settings inside. */
  readonly png: Uint8Array<ArrayBuffer>;
  /** As it was read, the subject filled in. */
  readonly prompt: string;
}

/**
 * The model as an upscaler that may be told this.
 *
 * @throws ModelError UPSCALER_CHANNELS; ConfigError NOISE_LEVEL
 */
export function requireEnlarging(
  base: BaseModel,
  upscaler: UpscalerPart,
  { noiseLevel = usualNoiseLevel }: Pick<UpscaleConfig, 'noiseLevel'>,
): UpscalerModel {
  const model = requireUpscaler(base, upscaler);
  requireNoiseLevel(model, noiseLevel);
  return model;
}

/** @throws ConfigError NOISE_LEVEL, MEMORY_TOO_SMALL, NO_SUBJECT, or what promptsOf or a sampler refuses */
export async function upscaledByModel(
  base: UpscalerModel,
  config: UpscaleConfig,
  { image, host }: { readonly image: Image; readonly host: GenerateHost },
): Promise<EnlargedPicture> {
  const model = requireUpscaler(withClipSkip(base, config.clipSkip), base.upscaler);
  const { noiseLevel = usualNoiseLevel, tile, seed, steps, eta } = config;
  const guidance = { scale: config.guidance, rescale: config.guidanceRescale };
  const size = upscaledSize(model, image);
  const { asked, lists } = await promptsToSee(config);
  const fill = (text: string) => filled(text, [], 'prompt');
  const prompt = plannedPrompt(required(asked, 0), { lists, fill }).of(seed);
  const negative = filled(config.negative, [], 'negative');
  const sampler = config.sampler === undefined ? undefined : parseSamplerName(config.sampler);
  const started = host.now();
  const result = await upscaled(model, image, {
    ...{ prompt, negative, syntax: config.promptSyntax, seed, steps, eta, sampler },
    ...{ guidance, noiseLevel, signal: host.signal, networks: host.networks },
    tiles:
      tile === undefined
        ? tilesThatFit(model, { batch: 1, guidance, size })
        : { denoiser: tile, autoencoder: tile },
    onTruncated: (_, rest) =>
      host.listener?.({
        type: 'warning',
        message: `the prompt is too long; the model does not see "${shortened(rest, 200)}"`,
      }),
    onStep: (done, total) =>
      host.listener?.({
        ...{ type: 'step', done, total, step: done, steps: total },
        ...{ picture: 1, together: 1, pictures: 1, seconds: (host.now() - started) / 1000 },
      }),
  });
  const told = { ...config, prompt, negative, noiseLevel };
  return { png: writePngText(await encodePng(result), textsOf(model, image, told)), prompt };
}

/** The settings as they stand in a picture, in the forms that drawn ones have. */
function textsOf(
  model: UpscalerModel,
  image: Image,
  config: UpscaleConfig & { readonly prompt: string },
): Readonly<Record<string, string>> {
  const facts = {
    Steps: config.steps,
    Sampler: config.sampler ?? model.scheduler.className,
    'CFG scale': config.guidance,
    Seed: config.seed,
    Size: `${image.width}x${image.height}`,
    Model: model.name,
    'Upscaled by': upscalingFactor(model),
    'Noise level': config.noiseLevel ?? usualNoiseLevel,
  };
  const settings = { ...config, base: model.name, pictures: undefined, out: undefined };
  return { parameters: parametersText(config, facts), krona: JSON.stringify(settings) };
}

/**
 * The prompts of a request; none is an empty one.
 *
 * @throws ConfigError as promptsOf
 */
export async function promptsToSee({
  prompt = '',
  negative,
  promptSyntax,
}: UpscaleConfig): Promise<RequestedPrompts> {
  return await promptsOf({ prompt, negative, promptSyntax });
}

/** @file A picture enlarged by a model made for it, with its settings inside. */
import { shortened } from '../../base/messages/shortened.ts';
import { encodePng } from '../../data/image.ts';
import { parseSamplerName } from '../../diffusion/samplers/index.ts';
import { writePngText } from '../../formats/png-text.ts';
import { withClipSkip } from '../../pipeline/base/clip-skip.ts';
import { tilesThatFit } from '../../pipeline/draw/drawing-memory.ts';
import {
  requireUpscaler,
  type UpscalerModel,
  upscaled,
  upscaledSize,
  upscalingFactor,
} from '../../pipeline/draw/upscaler.ts';
import type { GenerateHost } from '../draw-plan.ts';
import type { GivenPicture } from './given-picture.ts';
import type { UpscaleConfig } from './upscale-options.ts';

/** As the reference of the published model. */
const usualNoiseLevel = 20;

/** @throws ConfigError NOISE_LEVEL, MEMORY_TOO_SMALL, or what a sampler refuses */
export async function upscaledByModel(
  base: UpscalerModel,
  config: UpscaleConfig,
  { given, host }: { readonly given: GivenPicture; readonly host: GenerateHost },
): Promise<Uint8Array<ArrayBuffer>> {
  const model = requireUpscaler(withClipSkip(base, config.clipSkip), base.upscaler);
  const { image, prompts } = given;
  const { noiseLevel = usualNoiseLevel, tile, seed, steps, eta } = config;
  const guidance = { scale: config.guidance, rescale: config.guidanceRescale };
  const size = upscaledSize(model, image);
  const prompt = config.prompt ?? prompts.prompt ?? '';
  const negative = config.negative === '' ? (prompts.negative ?? '') : config.negative;
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
  const facts = {
    Steps: steps,
    Sampler: sampler ?? model.scheduler.className,
    'CFG scale': guidance.scale,
    Seed: seed,
    Size: `${image.width}x${image.height}`,
    Model: model.name,
    'Upscaled by': upscalingFactor(model),
    'Noise level': noiseLevel,
  };
  const line = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
  const texts = [prompt, ...(negative === '' ? [] : [`Negative prompt: ${negative}`])];
  return writePngText(await encodePng(result), {
    parameters: [...texts, line.join(', ')].join('\n'),
  });
}

/** @file The settings written into a picture: a line that other tools read, and all of them as JSON. */

import type { SecondPass } from '../../pipeline/draw/second-pass.ts';
import { formatAdapterRequest } from '../adapter-request.ts';
import type { GenerateConfig } from '../generate-options.ts';
import type { GeneratePlan } from '../generation-plan.ts';

/** PNG text entries of one picture; `parameters` is the form that A1111 and ComfyUI show. */
export function settingsText(plan: GeneratePlan, seed: number): Readonly<Record<string, string>> {
  const { config, base, adapters, shown, prompt, sampler, size, initial, refiner, second } = plan;
  const { steps, guidance, clipSkip = 1 } = config;
  // A picture that is given was sampled by no first pass.
  const timesteps = plan.given === undefined ? config.timesteps : undefined;
  const facts = {
    Steps: steps,
    Sampler: sampler ?? base.scheduler.className,
    ...(timesteps && { Timesteps: timesteps.join(' ') }),
    'CFG scale': guidance,
    Seed: seed,
    Size: `${size.width}x${size.height}`,
    ...(clipSkip === 1 ? {} : { 'Clip skip': clipSkip }),
    ...(initial === undefined ? {} : { 'Denoising strength': initial.noise }),
    ...(second && secondPassFacts(plan, second)),
    Model: base.name,
    ...(refiner && { Refiner: refiner.model.name, 'Refiner switch at': refiner.start }),
    ...(shown && { 'Subject pictures': quoted(config.subjectPicture.join(', ')) }),
    ...(adapters.length === 0 ? {} : { Adapters: quoted(adaptersLine(plan)) }),
  };
  return {
    parameters: parametersText({ ...config, prompt }, facts),
    krona: JSON.stringify({
      ...config,
      ...size,
      timesteps,
      noise: initial?.noise,
      upscaleNoise: second?.noise,
      upscaleSteps: second?.steps,
      upscaler: second?.upscaler,
      keepUnmasked: initial?.mask === undefined ? undefined : config.keepUnmasked,
      prompt,
      prompts: undefined,
      wildcards: undefined,
      seed,
      base: base.name,
      refiner: refiner?.model.name,
      refinerStart: refiner?.start,
      adapters: adapters.map(({ request, placed, training }) => ({
        ...request,
        methods: placed.map(({ adapter: { method, options } }) => ({ method, ...options })),
        training,
      })),
    }),
  };
}

/** The form that A1111 and ComfyUI show: the prompts, and a line of facts. */
export function parametersText(
  texts: Pick<GenerateConfig, 'negative' | 'promptSyntax'> & { readonly prompt: string },
  facts: Readonly<Record<string, string | number>>,
): string {
  const [positive = '', negative = ''] = [texts.prompt, texts.negative].map((text) =>
    texts.promptSyntax === 'plain' ? escaped(text) : text,
  );
  const line = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
  const prompts = [positive, ...(negative === '' ? [] : [`Negative prompt: ${negative}`])];
  return [...prompts, line.join(', ')].join('\n');
}

/** What A1111 calls its "Hires. fix", in its words; a strength of the first pass has the usual name already. */
function secondPassFacts(
  { config, initial }: Pick<GeneratePlan, 'config' | 'initial'>,
  { noise, steps, upscaler }: SecondPass,
): Readonly<Record<string, string | number>> {
  const strength = `${initial === undefined ? 'Denoising' : 'Hires denoising'} strength`;
  return {
    [strength]: noise,
    'Hires upscale': config.upscale ?? 1,
    'Hires steps': steps,
    'Hires upscaler': upscaler === 'latent' ? 'Latent' : 'Lanczos',
  };
}

/** `dog.safetensors=0.8 + style.safetensors=0.6,attn2.*=0.5`; --strength stands before it where it is not 1. */
export function adaptersLine({ adapters, config }: Pick<GeneratePlan, 'adapters' | 'config'>) {
  const line = adapters.map(({ request }) => formatAdapterRequest(request)).join(' + ');
  return config.strength === 1 ? line : `${config.strength} x (${line})`;
}

/** A text that was taken as it is, for tools that read brackets as weights. */
function escaped(text: string): string {
  return text.replace(/[()[\]\\]/g, '\\$&');
}

/** As A1111 quotes values that hold its separators. */
function quoted(value: string): string {
  return /[,:\n]/.test(value) ? JSON.stringify(value) : value;
}

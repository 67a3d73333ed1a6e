/** @file The settings written into a picture: a line that other tools read, and all of them as JSON. */
import type { GeneratePlan } from './resolve.ts';

/** PNG text entries of one picture; `parameters` is the form that A1111 and ComfyUI show. */
export function settingsText(plan: GeneratePlan, seed: number): Readonly<Record<string, string>> {
  const { config, base, adapter, prompt, sampler, size, initial, refiner } = plan;
  const { negative, steps, guidance, strength } = config;
  const facts = {
    Steps: steps,
    Sampler: sampler ?? base.scheduler.className,
    'CFG scale': guidance,
    Seed: seed,
    Size: `${size.width}x${size.height}`,
    ...(initial === undefined ? {} : { 'Denoising strength': initial.noise }),
    Model: base.name,
    ...(refiner && { Refiner: refiner.model.name, 'Refiner switch at': refiner.start }),
    ...(adapter === undefined
      ? {}
      : {
          Adapter: adapter.placed.map(({ adapter: { method } }) => method).join(' + '),
          Strength: strength,
        }),
  };
  const line = Object.entries(facts)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
  return {
    parameters: [prompt, ...(negative === '' ? [] : [`Negative prompt: ${negative}`]), line].join(
      '\n',
    ),
    krona: JSON.stringify({
      ...config,
      ...size,
      noise: initial?.noise,
      keepUnmasked: initial?.mask === undefined ? undefined : config.keepUnmasked,
      prompt,
      seed,
      base: base.name,
      refiner: refiner?.model.name,
      refinerStart: refiner?.start,
      adapters: adapter?.placed.map(({ adapter: { method, options } }) => ({ ...options, method })),
      training: adapter?.training,
    }),
  };
}

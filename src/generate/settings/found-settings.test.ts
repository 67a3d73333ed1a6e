import { expect, test } from 'vitest';
import { foundSettings } from './found-settings.ts';

const of = (keyword: string, text: string) => foundSettings(new Map([[keyword, text]]));

test('of ours are all that decide a picture, without places of another machine', () => {
  const written = {
    ...{ prompt: 'a sks dog', base: 'pocket', steps: 7, seed: 5, guidance: 3, count: 4 },
    ...{ out: '/somewhere', run: 'runs/dog', device: 'cuda', sampler: 'euler' },
    adapters: [{ file: 'runs/dog', strength: 0.8, methods: [] }],
  };
  expect(of('krona', JSON.stringify(written))).toEqual({
    from: 'krona',
    settings: {
      ...{ prompt: 'a sks dog', base: 'pocket', steps: 7, seed: 5, guidance: 3, count: 1 },
      ...{ sampler: 'euler', negative: '' },
    },
    adapters: [{ name: 'runs/dog', strength: 0.8 }],
    notes: [],
  });
});

test('a prompt with brackets of an earlier version is what it was then', () => {
  const settingsOf = (written: object) =>
    of('krona', JSON.stringify({ base: 'pocket', ...written }))?.settings;
  expect(settingsOf({ prompt: 'a (red) dog {1|2}' })).toEqual({
    ...{ prompt: 'a (red) dog {{1|2}}', negative: '', promptSyntax: 'plain' },
    ...{ base: 'pocket', count: 1 },
  });
  const now = { prompt: 'a (red) dog', promptSyntax: 'a1111', clipSkip: 2 };
  expect(settingsOf(now)).toMatchObject(now);
});

test('of A1111 are its prompts, adapters and facts, whatever the prompts hold', () => {
  const text = `a dog, <lora:sks-dog:0.7> on a beach
second line
Negative prompt: blurry,
Steps: none
Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 123, Size: 512x768, Model: "a, b", Denoising strength: 0.4`;
  expect(of('parameters', text)).toEqual({
    from: 'a1111',
    settings: {
      prompt: 'a dog,  on a beach\nsecond line',
      negative: 'blurry,\nSteps: none',
      ...{ steps: 20, guidance: 6.5, seed: 123, width: 512, height: 768, noise: 0.4, count: 1 },
      sampler: 'dpmpp-2m-karras',
    },
    adapters: [{ name: 'sks-dog', strength: 0.7 }],
    notes: [],
  });
  const twice = of(
    'parameters',
    'a dog\nSteps: 20, Seed: 1, Denoising strength: 0.7, Hires upscale: 2, Hires steps: 0, Hires upscaler: Latent (antialiased)',
  );
  expect(twice?.settings).toMatchObject({ upscale: 2, upscaleNoise: 0.7, upscaler: 'latent' });
  expect(twice?.settings).not.toHaveProperty('noise');
  const braces = of('parameters', 'a {red}\nSteps: 9, Seed: 1, Clip skip: 2');
  expect(braces?.settings).toMatchObject({ prompt: 'a {{red}}', clipSkip: 2 });
  const strange = of('parameters', 'a cat\nSteps: 9, Sampler: Restart, Seed: 1');
  expect(strange?.settings).toEqual({ prompt: 'a cat', negative: '', steps: 9, seed: 1, count: 1 });
  expect(strange?.notes).toEqual(['The sampler "Restart" is not among ours.']);
});

const graph = {
  3: {
    class_type: 'KSampler',
    inputs: {
      ...{ seed: 42, steps: 25, cfg: 8, sampler_name: 'euler_ancestral', scheduler: 'normal' },
      ...{ model: ['10', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
    },
  },
  4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'x.safetensors' } },
  5: { class_type: 'EmptyLatentImage', inputs: { width: 640, height: 512, batch_size: 2 } },
  6: { class_type: 'CLIPTextEncode', inputs: { text: ['8', 0], clip: ['4', 1] } },
  7: { class_type: 'CLIPTextEncode', inputs: { text: 'ugly', clip: ['4', 1] } },
  8: { class_type: 'PrimitiveString', inputs: { value: 'a fox' } },
  10: {
    class_type: 'LoraLoader',
    inputs: { lora_name: 'fox.safetensors', strength_model: 0.9, model: ['4', 0] },
  },
};

test("of ComfyUI are what its sampler's links lead to", () => {
  expect(of('prompt', JSON.stringify(graph))).toEqual({
    from: 'comfyui',
    settings: {
      ...{ prompt: 'a fox', negative: 'ugly', steps: 25, guidance: 8, seed: 42, count: 1 },
      ...{ width: 640, height: 512, sampler: 'euler-ancestral' },
    },
    adapters: [{ name: 'fox.safetensors', strength: 0.9 }],
    notes: [],
  });
});

test('links in a circle end, and what is no settings is none', () => {
  const circle = structuredClone<Record<string, { inputs: object }>>(graph);
  Object.assign(circle['10']?.inputs ?? {}, { model: ['10', 0] });
  expect(of('prompt', JSON.stringify(circle))?.settings.seed).toBe(42);
  for (const text of [
    '',
    '{}',
    '[]',
    'Steps',
    '{"3":{"class_type":"KSampler"}}',
    '{"__proto__":1}',
  ]) {
    expect([of('prompt', text), of('parameters', text), of('krona', text)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  }
});

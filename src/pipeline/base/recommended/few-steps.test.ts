import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeSafetensors } from '../../../formats/safetensors/safetensors.ts';
import { planGeneration } from '../../../generate/generation-plan.ts';
import { writeSafetensors } from '../../../storage/weights/safetensors-writer.ts';
import { float32, type Tensor } from '../../../tensor/tensor.ts';
import { latentShape } from '../../draw/autoencoder.ts';
import { Denoiser } from '../../draw/denoiser.ts';
import { makeRandomModel } from '../../random/random-model.ts';
import { conditioningOf, uncropped } from '../../text/conditioning.ts';
import { namedDistillation } from './few-step-names.ts';
import { withFewSteps } from './few-steps.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-few-'));
  await makeRandomModel({ family: 'sd15', size: 'tiny', dtype: 'f32', out: join(folder, 'model') });
});
afterAll(() => rm(folder, { recursive: true }));

/** Changes settings in a JSON file of the model. */
async function change(path: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const file = join(folder, 'model', path);
  const json: unknown = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...(json as object), ...settings }));
}

const scheduler = (settings: Readonly<Record<string, unknown>>) =>
  change('scheduler/scheduler_config.json', settings);
const planned = (options: object = {}) =>
  planGeneration({ prompt: 'a dog', base: join(folder, 'model'), ...options });

describe('a model that was distilled', () => {
  test.each([
    [
      'EulerAncestralDiscreteScheduler',
      { timestep_spacing: 'trailing' },
      { steps: 4, guidance: 1 },
    ],
    ['LCMScheduler', {}, { steps: 4, guidance: 1 }],
    ['TCDScheduler', {}, { steps: 4, guidance: 1, eta: 0.3 }],
  ])('by its %s is drawn as it wants', async (_class_name, stated, expected) => {
    await scheduler({ timestep_spacing: 'leading', ...stated, _class_name });
    const { config, notes, warnings } = await planned();
    expect(config).toMatchObject(expected);
    expect(notes.join()).toContain('guidance 1');
    expect(warnings).toEqual([]);
  });

  test('warns of what does not suit it', async () => {
    const { config, warnings } = await planned({ guidance: 7.5, steps: 50 });
    expect(config).toMatchObject({ guidance: 7.5, steps: 50 });
    expect(warnings).toEqual([
      expect.stringMatching(/^guidance 7\.5: .*over-saturates/),
      expect.stringMatching(/^steps 50: .*4 are right/),
    ]);
    expect((await planned({ negative: 'blurred', guidanceRescale: 0.7 })).warnings).toEqual([
      expect.stringContaining('negative: it is not looked at'),
      expect.stringContaining('guidanceRescale: it is not looked at'),
    ]);
  });

  test('is not one that predicts the velocity from pure noise', async () => {
    const stated = { timestep_spacing: 'trailing', prediction_type: 'v_prediction' };
    await scheduler({ _class_name: 'DDIMScheduler', rescale_betas_zero_snr: true, ...stated });
    expect((await planned()).config).toMatchObject({ steps: 50, guidance: 7.5 });
  });
});

test('a network that is told its guidance is asked once, and answers by it', async () => {
  const file = join(folder, 'model/unet/diffusion_pytorch_model.safetensors');
  const { tensors } = decodeSafetensors(await readFile(file), file);
  const projection = float32(
    [32, 16],
    Float32Array.from({ length: 512 }, (_, i) => Math.sin(i)),
  );
  const all = new Map<string, Tensor>([
    ...tensors,
    ['time_embedding.cond_proj.weight', projection],
  ]);
  await rm(file);
  await writeSafetensors(file, all, (name) => [
    new Uint8Array(all.get(name)?.data.slice().buffer ?? []),
  ]);
  await change('unet/config.json', { time_cond_proj_dim: 16 });
  await scheduler({
    prediction_type: 'epsilon',
    rescale_betas_zero_snr: false,
    _class_name: 'LCMScheduler',
  });
  const { base, config } = await planned();
  expect(config).toMatchObject({ sampler: 'lcm', steps: 4, guidance: 8.5 });
  const size = { height: 64, width: 64 };
  const states = float32([1, 77, 64], new Float32Array(77 * 64).fill(0.1));
  const text = conditioningOf(base, { states, pooled: undefined }, { framing: uncropped(size) });
  const sample = float32(latentShape(base, size), new Float32Array(256).fill(0.3));
  const predicted = async (scale: number) => {
    await using denoiser = await Denoiser.open(base, { size, batch: 1, guidance: { scale } });
    return [...(await denoiser.predict(sample, 500, { prompt: text, negative: text })).data];
  };
  expect(await predicted(8.5)).not.toEqual(await predicted(1));
  expect((await planned({ guidance: 7.5, negative: 'fog' })).warnings.join()).toMatch(
    /^negative: /,
  );
});

test('a Hyper-SD model of one step is known by its name, and begins at timestep 800', async () => {
  const file = 'Hyper-SDXL-1step-Unet-Comfyui.fp16.safetensors';
  expect(namedDistillation(file)).toEqual({ className: 'LCMScheduler', stated: {} });
  const opened = withFewSteps({
    ...(await planned()).base,
    ...{ name: `models/${file}`, notes: [] },
    recommendation: { train: {}, generate: {}, adapters: {}, methods: {} },
  });
  expect(opened.recommendation.generate).toEqual({
    ...{ steps: 1, timesteps: [800], guidance: 1 },
  });
  expect(opened.notes).toEqual([
    expect.stringMatching(/one step: .* steps 1, timesteps 800, guidance 1/),
  ]);
});

test.each([
  ['sd_xl_turbo_1.0_fp16.safetensors', 'EulerAncestralDiscreteScheduler', undefined, 64],
  ['sd_turbo.safetensors', 'EulerDiscreteScheduler', undefined, undefined],
  ['sdxl_lightning_4step.safetensors', 'EulerDiscreteScheduler', undefined, undefined],
  ['sdxl_lightning_1step_x0.safetensors', 'EulerDiscreteScheduler', 'sample', undefined],
])('%s is known by its name', (name, className, prediction, sampleSize) => {
  const found = namedDistillation(join('models', name));
  expect(found).toMatchObject({ className, stated: { timestep_spacing: 'trailing' } });
  expect([found?.stated.prediction_type, found?.sampleSize]).toEqual([prediction, sampleSize]);
  expect(namedDistillation(`my-${name}`)).toBeUndefined();
});

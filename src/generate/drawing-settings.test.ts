import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pocketAdapter } from '../../test/cli/pocket-adapter.ts';
import { encodePng } from '../data/image.ts';
import { resolveConfig } from './drawing-settings.ts';
import type { GenerateOptions } from './generate-options.ts';
import { planGeneration } from './generation-plan.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-settings-'));
});
afterAll(() => rm(folder, { recursive: true }));

const planned = (options: GenerateOptions) => planGeneration({ prompt: 'a dog', ...options });

describe('timesteps', () => {
  test('are as many steps, and a picture that says both is drawn with both', () => {
    const config = resolveConfig({ timesteps: [800, 300] }, { steps: 25 });
    expect(config).toMatchObject({ timesteps: [800, 300], steps: 2 });
    expect(resolveConfig({ timesteps: [800, 300], steps: 2 }, {})).toMatchObject(config);
  });

  test('are recommended for a number of steps and a sampler, and not with others', () => {
    const recommended = { steps: 1, timesteps: [800], sampler: 'lcm', guidance: 1 };
    expect(resolveConfig({}, recommended)).toMatchObject({ timesteps: [800], steps: 1 });
    for (const given of [{ steps: 4 }, { sampler: 'ddim' }]) {
      const config = resolveConfig(given, recommended);
      expect(config).toMatchObject({ steps: 1, guidance: 1, ...given });
      expect(config).not.toHaveProperty('timesteps');
    }
  });

  test.each([
    [{ timesteps: [800], steps: 4 }, 'TIMESTEPS_STEPS', '`timesteps` are 1 and `steps` 4'],
    [{ timesteps: [300, 800] }, 'TIMESTEPS', 'got 300 and then 800'],
    [{ timesteps: [] }, 'INVALID_SETTING', 'timesteps: expected a list of at least 1'],
    [{ timesteps: [8.5] }, 'INVALID_SETTING', 'timesteps[0]: expected a whole number'],
    [{ timesteps: [-1] }, 'INVALID_SETTING', 'timesteps[0]: expected'],
    [{ timesteps: [1000], sampler: 'lcm' }, 'TIMESTEPS', 'from 0 to 999'],
    [{ timesteps: [800], sampler: 'ddim' }, 'TIMESTEPS_SAMPLER', 'choose one of ddpm, dpmpp-2m'],
  ])('%j are refused before anything is drawn', async (options, code, message) => {
    await expect(planned(options)).rejects.toMatchObject({
      ...{ code, message: expect.stringContaining(message) },
    });
  });
});

describe('under a picture', () => {
  test('a share of the noise leaves as many of the timesteps, or is refused', async () => {
    const initImage = join(folder, 'grey.png');
    const grey = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(128) };
    await writeFile(initImage, await encodePng(grey));
    const half = { initImage, noise: 0.5, sampler: 'lcm' };
    expect((await planned({ ...half, timesteps: [800, 300] })).initial?.noise).toBe(0.5);
    await expect(planned({ ...half, timesteps: [800] })).rejects.toMatchObject({
      code: 'STRENGTH',
    });
  });
});

describe('an adapter that was distilled to few steps', () => {
  let file = '';
  beforeAll(async () => {
    file = join(folder, 'dmd2_sdxl_4step_lora.safetensors');
    const parts = [{ method: 'lora', options: { rank: 1 }, targets: ['attn2.to_q'] }];
    await writeFile(file, await pocketAdapter(parts));
  });

  test('decides what nobody said, and says so', async () => {
    const { config, notes, warnings } = await planned({ adapter: [file] });
    const timesteps = [999, 749, 499, 249];
    expect(config).toMatchObject({ sampler: 'lcm', timesteps, steps: 4, guidance: 1 });
    expect(notes).toContain(
      `${file} is by its name a LoRA of distribution matching distillation: it is drawn with sampler lcm, steps 4, timesteps 999,749,499,249, guidance 1 where nothing else is said`,
    );
    expect(warnings).toEqual([]);
  });

  test('warns of what does not suit it', async () => {
    const { config, warnings } = await planned({ adapter: [file], guidance: 7, steps: 30 });
    expect(config).toMatchObject({ sampler: 'lcm', steps: 30, guidance: 7 });
    expect(config).not.toHaveProperty('timesteps');
    expect(warnings).toEqual([
      expect.stringMatching(/^guidance 7: .*by its name a LoRA .*over-saturates/),
      expect.stringMatching(/^steps 30: .*; 4 are right/),
    ]);
  });

  test('decides nothing where it is switched off', async () => {
    const usual = await planned({});
    const { config } = await planned({ adapter: [`${file}=0`] });
    expect(config).toMatchObject({ steps: usual.config.steps, guidance: usual.config.guidance });
    expect(config).not.toHaveProperty('timesteps');
  });
});

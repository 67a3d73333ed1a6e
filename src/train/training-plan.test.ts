import { expect, test } from 'vitest';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import { resolveConfig } from './resolve-options.ts';
import type { TrainOptions } from './train-options.ts';
import { planTraining } from './training-plan.ts';

test('an in-painting model is not trained on, and its channels say so', async () => {
  const base = await openBaseModel('pocket');
  const { config, weights } = base.unet;
  const { latentChannels } = base.vae.config;
  const inChannels = 2 * latentChannels + 1;
  const painting = { ...base, unet: { config: { ...config, inChannels }, weights } };
  const options = { images: 'x', subject: 'sks dog', out: 'y' };
  expect(() => planTraining(resolveConfig(options, base.recommendation), painting)).toThrow(
    expect.objectContaining({
      code: 'UNET_CHANNELS',
      message: expect.stringContaining(`found one of ${inChannels}`),
    }),
  );
});

test('rates of their own are those of each site, and refused where the optimiser finds its rate', async () => {
  const base = await openBaseModel('pocket');
  const adapterOptions = { a1: 2, a2: 4, learningRateRatio: 4 };
  const options = { images: 'x', subject: 'sks dog', out: 'y', targets: ['attn2.to_k'] };
  const planned = (more: Partial<TrainOptions>) =>
    planTraining(resolveConfig({ ...options, ...more }, base.recommendation), base);
  const { rateFactors, trained } = planned({ adapterOptions });
  const ofB = [...trained].filter((name) => name.endsWith('.B'));
  expect(rateFactors).toEqual(new Map(ofB.map((name) => [name, 4])));
  expect(ofB.length).toBeGreaterThan(0);
  expect(planned({ adapterOptions: { a1: 2, a2: 4 } }).rateFactors.size).toBe(0);
  expect(() => planned({ adapterOptions, optimizer: 'prodigy' })).toThrow(
    expect.objectContaining({ code: 'RATES_OF_PRODIGY' }),
  );
});

test.each([
  ['prompt', { prompt: 'a {subjet}' }],
  ['samplePrompt', { samplePrompt: ['a {subject}', 'a {subjet}'] }],
])('an unknown word in the braces of %s is refused before a run begins', async (where, prompts) => {
  const base = await openBaseModel('pocket');
  const options = { images: 'x', subject: 'sks dog', out: 'y', ...prompts };
  expect(() => planTraining(resolveConfig(options, base.recommendation), base)).toThrow(
    `${where}: {subjet} stands for nothing; did you mean "{subject}"?`,
  );
});

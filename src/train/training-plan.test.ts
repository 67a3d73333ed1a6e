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

test('the rate of a site is that of its last pattern, else of its part, else the common one', async () => {
  const base = await openBaseModel('pocket');
  const { rateFactors, trained, placed, notes } = planTraining(
    resolveConfig(
      {
        ...{ images: 'x', subject: 'sks dog', out: 'y' },
        targets: ['attention', 'text-encoder'],
        ...{ learningRate: 1e-3, unetLearningRate: 2e-3, textEncoderLearningRate: 5e-4 },
        siteLearningRates: { 'attn2.*': 4e-3, 'attn2.to_v': 1e-3, 'attn1.to_q': 0 },
      },
      base.recommendation,
    ),
    base,
  );
  const expected = (name: string) => {
    if (name.includes('attn2.to_v')) return undefined; // the common one
    if (name.includes('attn2.')) return 4;
    return name.startsWith('unet.') ? 2 : 0.5;
  };
  expect(new Set([...trained].map(expected)).size).toBe(4);
  for (const name of trained) expect([name, rateFactors.get(name)]).toEqual([name, expected(name)]);
  const sites = placed.flatMap((each) => each.sites.map(({ name }) => name));
  expect(sites.filter((name) => name.endsWith('attn1.to_q'))).toEqual([]);
  expect(notes).toEqual([
    expect.stringMatching(/^\d+ sites of the targets are left out: their learning rate is 0$/),
  ]);
});

test('a part at rate 0 gives the plan of targets without it', async () => {
  const base = await openBaseModel('pocket');
  const planned = (more: Partial<TrainOptions>) => {
    const options = { images: 'x', subject: 'sks dog', out: 'y', ...more };
    return planTraining(resolveConfig(options, base.recommendation), base);
  };
  const alone = planned({ targets: ['attention'] });
  const both = planned({ targets: ['attention', 'text-encoder'], textEncoderLearningRate: 0 });
  expect(both.placed[0]?.sites).toEqual(alone.placed[0]?.sites);
  expect(both.trained).toEqual(alone.trained);
  expect(both.parameterCount).toBe(alone.parameterCount);
  expect(both.rateFactors.size).toBe(0);
});

test.each<[string, string, Partial<TrainOptions>]>([
  [
    'textEncoderLearningRate: the learning rate 0.1 is of none',
    'RATE_OF_NO_SITE',
    { textEncoderLearningRate: 0.1 },
  ],
  [
    'siteLearningRates: attn3.*: the learning rate 0 is of none',
    'RATE_OF_NO_SITE',
    { siteLearningRates: { 'attn3.*': 0 } },
  ],
  [
    'unetLearningRate: the adapter (krona) would not be trained',
    'RATES_ALL_ZERO',
    { unetLearningRate: 0 },
  ],
  [
    'textEncoderLearningRate: the word "sks" would not be trained',
    'RATES_ALL_ZERO',
    { newToken: true, textEncoderLearningRate: 0 },
  ],
  [
    'unetLearningRate gives parameters',
    'RATES_OF_PRODIGY',
    { unetLearningRate: 0.1, optimizer: 'prodigy' },
  ],
])('%s', async (message, code, more) => {
  const base = await openBaseModel('pocket');
  const options = { images: 'x', subject: 'sks dog', out: 'y', targets: ['attn2.to_k'], ...more };
  expect(() => planTraining(resolveConfig(options, base.recommendation), base)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

test.each([
  ['prompt', { prompt: 'a {subjet}' }],
  ['samplePrompt', { samplePrompt: ['a {subject}', 'a {subjet}'], sampleEvery: 5 }],
])('an unknown word in the braces of %s is refused before a run begins', async (where, prompts) => {
  const base = await openBaseModel('pocket');
  const options = { images: 'x', subject: 'sks dog', out: 'y', ...prompts };
  expect(() => planTraining(resolveConfig(options, base.recommendation), base)).toThrow(
    `${where}: {subjet} stands for nothing; did you mean "{subject}"?`,
  );
});

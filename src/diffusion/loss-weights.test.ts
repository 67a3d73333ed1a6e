import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../test/fixtures.ts';
import { largestRelativeDifference } from '../../test/parity/check.ts';
import { readFixtureTensors } from '../../test/parity/fixture.ts';
import { lossWeights } from './loss-weights.ts';
import { NoiseSchedule } from './noise-schedule.ts';
import { resolveSettings } from './scheduler-config.ts';

const latent = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' } as const;
const schedule = new NoiseSchedule(resolveSettings({ className: 'x', stated: latent }));
const folder = fixturePath('unet-sd15');

/** Float32 losses of a few terms. */
const tolerance = 1e-6;

function total(weights: Float32Array, losses: Float32Array): number {
  return losses.reduce((sum, loss, n) => sum + loss * (weights[n] ?? 0), 0);
}

describe('lossWeights', () => {
  test('make the plain mean', async () => {
    const fixture = await readFixtureTensors(folder);
    const losses = fixture.float32('loss/per_sample').data;
    const loss = total(lossWeights(fixture.int32('input/timesteps')), losses);
    const expected = fixture.float32('output/loss').data;
    expect(largestRelativeDifference([loss], expected)).toBeLessThan(tolerance);
  });

  test('make min-SNR-γ', async () => {
    const fixture = await readFixtureTensors(folder);
    const losses = fixture.float32('loss/per_sample').data;
    const weights = lossWeights(fixture.int32('input/timesteps'), {
      minSnr: { gamma: 5, schedule, predictionType: 'epsilon' },
    });
    const perSample = weights.map((weight) => weight * 2); // the fixture's are not divided by N
    const expectedWeights = fixture.float32('loss/min_snr5_weights').data;
    expect(largestRelativeDifference(perSample, expectedWeights)).toBeLessThan(tolerance);
    const expected = fixture.float32('loss/min_snr5').data;
    expect(largestRelativeDifference([total(weights, losses)], expected)).toBeLessThan(tolerance);
  });

  test('make prior preservation', async () => {
    const fixture = await readFixtureTensors(folder);
    const losses = fixture.float32('loss/per_sample').data;
    const weights = lossWeights([1, 2], { prior: { priorSamples: 1, weight: 0.7 } });
    const expected = fixture.float32('loss/prior_preservation_w0.7').data;
    expect(largestRelativeDifference([total(weights, losses)], expected)).toBeLessThan(tolerance);
  });

  test('average subject and prior apart, with min-SNR-γ on the subject only', () => {
    const weights = lossWeights([10, 10, 10, 500, 500], {
      prior: { priorSamples: 2, weight: 3 },
      minSnr: { gamma: 5, schedule, predictionType: 'epsilon' },
    });
    const subject = 5 / schedule.signalToNoise(10) / 3;
    expect(weights[0]).toBeCloseTo(subject, 6); // float32
    expect([...weights.subarray(3)]).toEqual([1.5, 1.5]);
  });

  test('stay finite where there is no signal', () => {
    const zero = new NoiseSchedule(
      resolveSettings({ className: 'x', stated: { ...latent, rescale_betas_zero_snr: true } }),
    );
    const weights = lossWeights([999], {
      minSnr: { gamma: 5, schedule: zero, predictionType: 'epsilon' },
    });
    expect([...weights]).toEqual([1]);
  });

  test('refuse a batch without the subject', () => {
    expect(() => lossWeights([1], { prior: { priorSamples: 1, weight: 1 } })).toThrow(
      '1 prior samples in a batch of 1 leave none of the subject',
    );
  });
});

/** @file Training steps that do not fit are refused with what does, and that fits. */
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../base/errors.ts';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import { resolveConfig } from './resolve-options.ts';
import { memoryGiven } from './settings/step-room.ts';
import { requireStep } from './step-memory.ts';
import { planTraining, type TrainPlan } from './training-plan.ts';

const base = await openBaseModel('pocket');

function plan(more: Readonly<Record<string, unknown>>): TrainPlan {
  const given = { images: 'pictures', subject: 'sks teapot', out: 'run', ...more };
  return planTraining(resolveConfig(given, base.recommendation), base);
}

/** What a plan that does not fit is refused with. */
function refusal(more: Readonly<Record<string, unknown>>, available: number): string {
  let refused: unknown;
  try {
    requireStep(plan(more), { available });
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(ConfigError);
  expect(refused).toMatchObject({ code: 'MEMORY_TOO_SMALL' });
  return String(refused);
}

describe('a training step', () => {
  test('of the bundled model fits half a gigabyte, and less than it needs is refused', () => {
    requireStep(plan({ resolution: 64 }), { available: 0.5e9 });
    // 0.28 GB were measured.
    expect(refusal({ resolution: 64 }, 0.25e9)).toContain('whatever the resolution');
  });

  test('of too many pictures is refused with the largest batch, which fits', () => {
    const message = refusal({ batchSize: 60_000, resolution: 64 }, 0.4e9);
    const largest = Number(/largest batch that fits is (\d+),/.exec(message)?.[1]);
    expect(largest).toBeGreaterThan(1);
    requireStep(plan({ batchSize: largest, resolution: 64 }), { available: 0.4e9 });
    refusal({ batchSize: largest + Math.ceil(largest / 16), resolution: 64 }, 0.4e9);
  });

  test('of pictures that are too large is refused with the largest resolution, which fits', () => {
    const message = refusal({ resolution: 80_000 }, 0.4e9);
    const largest = Number(/largest resolution that fits is (\d+);/.exec(message)?.[1]);
    expect(largest).toBeGreaterThan(64);
    requireStep(plan({ batchSize: 1, resolution: largest }), { available: 0.4e9 });
  });

  test('is cut for nine tenths of what the machine has, where that is asked for', () => {
    expect(memoryGiven('auto', 8e9)).toBe(0.9 * 8e9);
    expect(memoryGiven('500MB', 8e9)).toBe(500e6);
    const { memoryBytes } = plan({ memory: 'auto' });
    expect(memoryBytes).toBe(memoryGiven('auto'));
    expect(() => plan({ memory: 'most' })).toThrow('or auto');
  });

  test('stays within the memory that was given, where that is less than there is', () => {
    const message = refusal({ batchSize: 60_000, resolution: 64, memory: '400MB' }, 64e9);
    expect(message).toContain('given are 400 MB');
    expect(message).not.toContain('such as');
  });
});

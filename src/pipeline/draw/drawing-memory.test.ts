/** @file Pictures that do not fit are refused with what does, and that fits. */
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../base/errors.ts';
import { openBaseModel } from '../base/open-base.ts';
import type { PictureSize } from './autoencoder.ts';
import { requireDrawable, tilesThatFit } from './drawing-memory.ts';

const base = await openBaseModel('pocket');
const guidance = { scale: 7.5 };
const usual = { width: 64, height: 64 };

/** What pictures that do not fit are refused with. */
function refusal(batch: number, size: PictureSize, available: number): string {
  let refused: unknown;
  try {
    requireDrawable(base, { batch, size, guidance }, available);
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(ConfigError);
  expect(refused).toMatchObject({ code: 'MEMORY_TOO_SMALL' });
  return String(refused);
}

describe('drawing', () => {
  test('with the bundled model fits half a gigabyte, but not nothing', () => {
    requireDrawable(base, { batch: 1, size: usual, guidance }, 0.5e9);
    expect(refusal(1, usual, 0.1e9)).toContain('use a smaller model');
  });

  test('too many pictures at once is refused with the largest batch, which fits', () => {
    const message = refusal(100_000, usual, 0.4e9);
    const largest = Number(/largest batch that fits is (\d+)/.exec(message)?.[1]);
    requireDrawable(base, { batch: largest, size: usual, guidance }, 0.4e9);
    refusal(largest + Math.ceil(largest / 16), usual, 0.4e9);
  });

  test('too large a picture is refused with the largest of its proportions, which fits', () => {
    const message = refusal(1, { width: 80_000, height: 40_000 }, 0.4e9);
    const [, width, height] = /that fits is (\d+) x (\d+)/.exec(message) ?? [];
    const size = { width: Number(width), height: Number(height) };
    expect(size.width).toBeGreaterThan(64);
    // To half a multiple of 8.
    expect(Math.abs(size.width - 2 * size.height)).toBeLessThanOrEqual(8);
    requireDrawable(base, { batch: 1, size, guidance }, 0.4e9);
  });

  test('what is too large for one piece is drawn in tiles', () => {
    const size = { width: 256, height: 192 };
    const tilesIn = (available: number) =>
      tilesThatFit(base, { batch: 1, size, guidance }, available);
    expect(tilesIn(4e9)).toEqual({});
    // What one picture of the usual size takes, to the next megabyte.
    const [, least] = /needs (\d+) MB/.exec(refusal(1, usual, 0.1e9)) ?? [];
    expect(tilesIn((Number(least) + 1) * 1e6)).toEqual({ denoiser: 64, autoencoder: 64 });
    // Too large to be traced, and decoded in one piece all the same.
    const large = { batch: 1, size: { width: 4096, height: 4096 }, guidance };
    expect(tilesThatFit(base, large, 1e12)).toEqual({ denoiser: 64 });
  });

  test('what does not fit in tiles either is refused with the largest of its proportions, which does', () => {
    const tilesOf = (size: PictureSize) => tilesThatFit(base, { batch: 1, size, guidance }, 0.4e9);
    const refused = /80000 x 40000 pixels in tiles needs more .* that fits is (\d+) x (\d+)/;
    let message = '';
    try {
      tilesOf({ width: 80_000, height: 40_000 });
    } catch (error) {
      expect(error).toMatchObject({ name: 'ConfigError', code: 'MEMORY_TOO_SMALL' });
      message = String(error);
    }
    const [, width, height] = (refused.exec(message) ?? []).map(Number);
    const size = { width: width ?? 0, height: height ?? 0 };
    expect(size.width).toBeGreaterThan(512);
    expect(tilesOf(size)).toEqual({ denoiser: 64, autoencoder: 64 });
  });

  test('on another device is not estimated', () => {
    const elsewhere = { ...base, device: 'cuda' as const };
    requireDrawable(elsewhere, { batch: 1, size: usual, guidance }, 1);
  });
});

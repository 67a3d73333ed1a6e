/** @file The reference values that every change must keep, one test per fixture. */
import { describe, expect, test } from 'vitest';
import { fixturePath } from './fixtures.ts';
import { findFixtures } from './parity/find.ts';
import { checkFixtureFile, formatRow } from './parity/report.ts';

const folders = [
  'unet-sd15',
  'unet-sd21',
  'unet-small',
  'vae-sd',
  'clip-text',
  'clip-tokenizer',
  'pipeline-sd15',
  'pipeline-sd21',
  'prompts',
  'blip-diffusion',
  'x4-upscaler',
  'adapter-layers',
  'adapter-layers-more',
  'adapter-files',
  'image-preprocess',
  'clip-model',
  'vit-dino',
  'losses',
  'rng',
  'float8',
  'schedulers',
  'schedulers-more',
  'schedulers-few',
  'schedulers-own',
  'pocket',
];

describe('reference values', () => {
  test.for(folders)('of %s are met', async (folder) => {
    const rows = [];
    for (const path of await findFixtures(fixturePath(folder))) {
      rows.push(...(await checkFixtureFile(path)));
    }
    const failed = rows.filter(({ worst }) => worst.status === 'failed').map(formatRow);
    expect(failed).toEqual([]);
    expect(rows.some(({ worst }) => worst.status === 'ok')).toBe(true);
  });
});

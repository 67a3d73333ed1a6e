/** @file The reference values that every change must keep, one test per fixture. */
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findFixtures } from './parity/find.ts';
import { checkFixtureFile, formatRow } from './parity/report.ts';

const shared = fileURLToPath(new URL('../../shared/', import.meta.url));

const folders = [
  'fixtures/unet-sd15',
  'fixtures/unet-sd21',
  'fixtures/vae-sd',
  'fixtures/clip-text',
  'fixtures/clip-tokenizer',
  'fixtures/pipeline-sd15',
  'fixtures/pipeline-sd21',
  'fixtures/adapter-layers',
  'fixtures/adapter-files',
  'fixtures/image-preprocess',
  'fixtures/clip-model',
  'fixtures/vit-dino',
  'fixtures/rng',
  'fixtures/schedulers',
  'pocket',
];

const isPresent = await access(`${shared}fixtures`).then(
  () => true,
  () => false,
);

describe('reference values', () => {
  test.for(folders)('of %s are met', async (folder, { skip }) => {
    if (!isPresent) skip(`the reference values are not at ${shared}`);
    const rows = [];
    for (const path of await findFixtures(`${shared}${folder}`)) {
      rows.push(...(await checkFixtureFile(path)));
    }
    const failed = rows.filter(({ worst }) => worst.status === 'failed').map(formatRow);
    expect(failed).toEqual([]);
    expect(rows.some(({ worst }) => worst.status === 'ok')).toBe(true);
  });
});

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pocketFolder } from '../data/pocket.ts';
import { inspect, plan } from './looking.ts';

test('a path is enough to inspect it, and its kind says which facts there are', async () => {
  const model = await inspect(pocketFolder());
  expect(model).toMatchObject({ kind: 'model folder', warnings: [] });
  if (model.kind === 'model folder') {
    expect(model.parts.map(({ name }) => name)).toEqual(['unet', 'vae', 'text_encoder']);
  }
  const picture = await inspect({ path: join(pocketFolder(), 'subjects/cat/00.png') });
  expect(picture).toMatchObject({ kind: 'picture', width: 64, height: 64, settings: undefined });
  const base = 'no-such-base';
  await expect(inspect({ path: pocketFolder(), base })).rejects.toMatchObject({
    code: 'NOT_A_MODEL',
  });
  await expect(inspect('no-such-file')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

test('a plan needs nothing', async () => {
  expect(await plan()).toMatchObject({ kind: 'adapter', base: 'pocket' });
});

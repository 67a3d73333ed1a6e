import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { float32 } from '../../tensor/tensor.ts';
import { FoundModels } from './found-models.ts';

let place: string;
let models: FoundModels;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'krona-models-'));
  mkdirSync(join(place, 'own', 'folder'), { recursive: true });
  writeFileSync(join(place, 'own', 'folder', 'model_index.json'), '{}');
  mkdirSync(join(place, 'own', 'pictures'));
  const unet = 'model.diffusion_model.out.2.bias';
  writeFileSync(
    join(place, 'own', 'whole.safetensors'),
    encodeSafetensors(new Map([[unet, float32([1])]])),
  );
  writeFileSync(
    join(place, 'own', 'lora.safetensors'),
    encodeSafetensors(new Map([['lora_up', float32([1])]])),
  );
  writeFileSync(join(place, 'own', 'broken.safetensors'), 'nothing');
  symlinkSync(join(place, 'own'), join(place, 'link'));
  models = new FoundModels(join(place, 'own'), [join(place, 'not-there')]);
});
afterAll(() => rmSync(place, { recursive: true }));

test('folders and files that are whole models, and nothing else', async () => {
  const found = await models.list();
  expect(found.map(({ name, place: folder }) => [name, folder])).toEqual([
    ['folder', 'own'],
    ['whole.safetensors', 'own'],
  ]);
});

test('an id leads to its model, by whichever name its folder was given; a path leads nowhere', async () => {
  const [first] = await models.list();
  const [again] = await new FoundModels(join(place, 'link')).list();
  expect(again?.id).toBe(first?.id);
  expect(await models.nameOf(first?.id ?? '')).toBe(join(place, 'own', 'folder'));
  for (const path of [first?.path ?? '', '../own/folder', 'folder', './own/folder']) {
    await expect(models.nameOf(path)).rejects.toMatchObject({ code: 'NOT_HERE' });
  }
});

test('the bundled model and those of the hub are names', async () => {
  expect(await models.nameOf('pocket')).toBe('pocket');
  expect(await models.nameOf('owner/name')).toBe('owner/name');
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeModel, OtherRecipe, type Recipe, recipeSizes } from '../../pocket/recipe.ts';
import { trainingScenes } from '../../pocket/training-scenes.ts';
import { Interrupted } from '../../pocket/workshop.ts';
import { writeSubjects } from '../../pocket/world/subjects/write-subjects.ts';
import { generate, inspect } from '../../src/index.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-recipe-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function smallRecipe(changes: Partial<Recipe> = {}): Recipe {
  return {
    size: recipeSizes.small,
    pictureSize: 64,
    seed: 1,
    workers: 1,
    work: join(folder, 'work'),
    out: join(folder, 'model'),
    draw: trainingScenes(1, 64),
    writeSubjects: (place) => writeSubjects(place, 64),
    identifiers: ['sks'],
    report: () => {},
    signal: new AbortController().signal,
    ...changes,
  };
}

test('the whole recipe at a small size gives a model that draws, over an interruption', async () => {
  const stop = new AbortController();
  const interrupted = smallRecipe({
    signal: stop.signal,
    report: (progress) => 'step' in progress && progress.name === 'vae' && stop.abort(),
  });
  await expect(makeModel(interrupted)).rejects.toThrow(Interrupted);
  expect(await readdir(join(folder, 'model'))).not.toContain('unet');

  await expect(makeModel(smallRecipe({ seed: 2 }))).rejects.toThrow(OtherRecipe);

  const steps: string[] = [];
  await makeModel(
    smallRecipe({
      report: (progress) => 'step' in progress && steps.push(`${progress.name} ${progress.step}`),
    }),
  );
  // What was finished before is not made again.
  expect(steps).toEqual(['vae 2', 'vae 3', 'unet 1', 'unet 2', 'unet 3']);
  const files = (await readdir(join(folder, 'model'), { recursive: true })).map(String);
  expect(files).toEqual(
    expect.arrayContaining([
      'tokenizer/vocab.json',
      'clip/preprocessor_config.json',
      'dino/config.json',
      'prompts.json',
      'subjects/subjects.json',
      'subjects/teapot/04.png',
    ]),
  );
  expect((await inspect(join(folder, 'model'))).kind).toBe('model folder');
  const { pictures } = await generate({
    base: join(folder, 'model'),
    prompt: 'a cat on the beach',
    steps: 2,
    count: 1,
  });
  expect(pictures).toHaveLength(1);
});

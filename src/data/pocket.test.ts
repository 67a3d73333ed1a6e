import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readImageFolder } from './image-folder.ts';
import { picturesFolder, pocketFolder, pocketPrompts, pocketSubjects } from './pocket.ts';

describe('the pocket model', () => {
  test('lies where the package says', async () => {
    await access(join(pocketFolder(), 'model_index.json'));
  });

  test('has 40 subjects whose folders hold the listed pictures', async () => {
    const subjects = await pocketSubjects();
    expect(subjects.length).toBe(40);
    for (const subject of subjects) {
      const { images, skipped } = await readImageFolder(subject.folder, (image) => image);
      expect(images.map(({ path }) => path)).toEqual(subject.images);
      expect(skipped).toEqual([]);
      expect(images.every(({ image }) => image.width === 64 && image.height === 64)).toBe(true);
      expect(subject.instancePrompt).toContain(subject.className);
    }
  });

  test('has pictures by name, where no folder has that name', async () => {
    expect(await picturesFolder('pocket/teapot')).toBe(join(pocketFolder(), 'subjects', 'teapot'));
    expect(await picturesFolder('my-dog')).toBe('my-dog');
    expect(await picturesFolder('my/pocket/teapot')).toBe('my/pocket/teapot');
    await expect(picturesFolder('pocket/teapto')).rejects.toMatchObject({
      code: 'UNKNOWN_SUBJECT',
      message: expect.stringMatching(
        /^there is no bundled subject "teapto"; did you mean "teapot"\?/,
      ),
    });
  });

  test('has 25 prompts for objects and 25 for live subjects, each with one place for the phrase', async () => {
    const { object, live } = await pocketPrompts();
    expect([object.length, live.length]).toEqual([25, 25]);
    for (const prompt of [...object, ...live]) expect(prompt.split('{}').length).toBe(2);
  });

  test('has a README whose pictures and files exist', async () => {
    const path = join(pocketFolder(), 'README.md');
    const links = [...(await readFile(path, 'utf8')).matchAll(/\]\((?!https?:)([^)#]+)\)/g)];
    expect(links.length).toBeGreaterThan(0);
    for (const [, target = ''] of links) await access(join(dirname(path), target));
  });
});

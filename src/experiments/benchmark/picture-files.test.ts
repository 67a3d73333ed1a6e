import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { pocketSubject } from '../../data/pocket.ts';
import { pictureFiles } from './picture-files.ts';

test("a bundled subject's pictures are found by the name that training takes", async () => {
  const { images } = await pocketSubject('dog');
  const found = await pictureFiles('pocket/dog');
  expect(found.map((path) => basename(path))).toEqual(images.map((path) => basename(path)));
});

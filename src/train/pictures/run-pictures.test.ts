import { expect, test } from 'vitest';
import { openBaseModel } from '../../pipeline/base/open-base.ts';
import { resolveConfig } from '../resolve-options.ts';
import { withBundledFolders } from '../settings/picture-folders.ts';
import { planTraining } from '../training-plan.ts';
import { loadAll, remarksOn } from './run-pictures.ts';

test('pictures of two subjects are said to be so, by the words of both', async () => {
  const base = await openBaseModel('pocket');
  const pot = { images: 'pocket/teapot', subject: 'sks teapot' };
  const concept = ['pocket/teapot', 'pocket/cat'].map((images, i) => {
    return { images, subject: `olis${i} thing` };
  });
  const options = { ...pot, concept, resolution: 16, out: 'run' };
  const config = resolveConfig(options, base.recommendation);
  const plan = planTraining(await withBundledFolders(config), base);
  const { warnings } = remarksOn(await loadAll(plan));
  expect(warnings.filter((each) => each.includes('are those of'))).toEqual([
    expect.stringMatching(/^olis0 thing: 5 of its 5 pictures are those of sks teapot too/),
  ]);
});

/** @file The held-out subjects and the prompts of evaluations as files of a model's folder. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { required } from '../../../src/base/required.ts';
import { pngOf } from '../../../src/platform/pictures.ts';
import { writeFileAtomic } from '../../../src/storage/files/atomic-file.ts';
import { writeJson } from '../../model-folder.ts';
import { renderScenes } from '../render-scenes.ts';
import { worldPrompts } from '../world-prompts.ts';
import { subjectRecord, subjectScenes, subjects } from './subjects.ts';

/** Writes `subjects/`, with the pictures of all subjects and `subjects.json`, and `prompts.json`. */
export async function writeSubjects(folder: string, pictureSize: number): Promise<void> {
  const records = subjects.map((subject) => subjectRecord(subject));
  for (const [i, subject] of subjects.entries()) {
    const { images } = required(records, i);
    const pictures = await renderScenes(subjectScenes(subject), pictureSize);
    for (const [k, data] of pictures.entries()) {
      const path = join(folder, required(images, k));
      await mkdir(dirname(path), { recursive: true });
      const picture = { width: pictureSize, height: pictureSize, data };
      await writeFileAtomic(path, await pngOf(picture));
    }
  }
  await writeJson(join(folder, 'subjects', 'subjects.json'), records);
  const texts = (list: readonly { readonly text: string }[]) => list.map(({ text }) => text);
  await writeJson(join(folder, 'prompts.json'), {
    object: texts(worldPrompts.object),
    live: texts(worldPrompts.live),
    note: "{} stands for the subject phrase, e.g. 'sks teapot', or the class word alone",
  });
}

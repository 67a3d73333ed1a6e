/** @file Generates pictures into a folder, with their settings inside and a contact sheet beside them. */
import { required } from '../base/required.ts';
import { join } from '../platform/paths.ts';
import { writeFileAtomic } from '../storage/files/atomic-file.ts';
import { createFolder } from '../storage/files/folders.ts';
import { drawPlan, type GenerateHost, planningHost, pngWithSettings } from './draw-plan.ts';
import type { FolderOptions } from './generate-options.ts';
import { planGeneration } from './generation-plan.ts';
import { freeNames } from './output-names.ts';
import { resultSheet, SheetPictures } from './result-sheet.ts';

/** Paths of what was written. */
export interface Generated {
  readonly pictures: string[];
  readonly sheet: string;
}

/**
 * Generates pictures of one prompt or several, which are written prompt after prompt; none that is there is replaced.
 *
 * @throws KronaError naming what is wrong and what to do, before anything is computed
 */
export async function generate(options: FolderOptions, host: GenerateHost): Promise<Generated> {
  const started = host.now();
  const plan = await planGeneration(options, planningHost(host));
  const { out } = options;
  await createFolder(out);
  const names = await freeNames(out);
  const pictures: string[] = [];
  const onSheet = new SheetPictures(plan);
  for await (const group of drawPlan(plan, host)) {
    const { prompt, seeds, images } = group;
    onSheet.add(group, images);
    for (const [i, image] of images.entries()) {
      const seed = required(seeds, i);
      const file = join(out, names.picture(pictures.length, seed));
      await writeFileAtomic(file, await pngWithSettings(image, { ...plan, prompt }, seed));
      host.listener?.({ type: 'picture', file, prompt, seed });
      pictures.push(file);
    }
  }
  const sheet = join(out, names.sheet);
  if (onSheet.count < pictures.length) {
    const message = `${names.sheet} shows ${onSheet.count} of the ${pictures.length} pictures`;
    host.listener?.({ type: 'note', message });
  }
  const image = await resultSheet(plan, onSheet.drawn);
  await writeFileAtomic(sheet, await pngWithSettings(image, plan, plan.config.seed));
  host.listener?.({ type: 'finished', sheet, seconds: (host.now() - started) / 1000 });
  return { pictures, sheet };
}

/** @file Generates pictures into a folder, with their settings inside and a contact sheet beside them. */
import { required } from '../base/required.ts';
import { basename } from '../platform/paths.ts';
import { drawPlan, type GenerateHost, planningHost, pngWithSettings } from './draw-plan.ts';
import type { FolderOptions } from './generate-options.ts';
import { planGeneration } from './generation-plan.ts';
import { OutputPictures } from './output-pictures.ts';
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
  const output = await OutputPictures.in(options.out);
  const pictures: string[] = [];
  const onSheet = new SheetPictures(plan);
  for await (const group of drawPlan(plan, host)) {
    const { prompt, seeds, images } = group;
    onSheet.add(group, images);
    for (const [i, image] of images.entries()) {
      const seed = required(seeds, i);
      const png = await pngWithSettings(image, { ...plan, prompt }, seed);
      const file = await output.write(seed, png);
      host.listener?.({ type: 'picture', file, prompt, seed });
      pictures.push(file);
    }
  }
  const image = await resultSheet(plan, onSheet.drawn);
  const sheet = await output.writeSheet(await pngWithSettings(image, plan, plan.config.seed));
  if (onSheet.count < pictures.length) {
    const message = `${basename(sheet)} shows ${onSheet.count} of the ${pictures.length} pictures`;
    host.listener?.({ type: 'note', message });
  }
  host.listener?.({ type: 'finished', sheet, seconds: (host.now() - started) / 1000 });
  return { pictures, sheet };
}

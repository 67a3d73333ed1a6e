/** @file `npm run pocket:world -- sheets FOLDER`: pictures of the world to look at. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { required } from '../../src/base/required.ts';
import { backgrounds } from './backgrounds/backgrounds.ts';
import { Chance } from './chance.ts';
import { classes } from './classes/classes.ts';
import { type Accessory, accessories } from './drawing/accessories.ts';
import { renderScenes } from './render-scenes.ts';
import { drawnScene, type Scene, type SceneOptions } from './scene.ts';
import { sheetOf } from './sheet.ts';
import { styles } from './styles/styles.ts';
import { subjectScenes, subjects } from './subjects/subjects.ts';

const size = 64;
const columns = 6;

/** Six scenes for each of a list, alike in what it says. @param options of the scene in that column */
function rowsOf<T>(list: readonly T[], options: (one: T, column: number) => SceneOptions): Scene[] {
  const chance = new Chance(1);
  const bare: SceneOptions = { style: 'none', accessory: 'none' };
  return list.flatMap((one) =>
    Array.from({ length: columns }, (_, column) =>
      drawnScene(chance, { ...bare, ...options(one, column) }),
    ),
  );
}

/** An accessory on as many classes as there are columns. */
function wornBy({ name, place }: Accessory, column: number): SceneOptions {
  const wearers = classes.filter(({ places }) => places[place] !== undefined);
  const wearer = required(wearers, Math.floor((column * wearers.length) / columns));
  return { accessory: name, className: wearer.name };
}

async function writeSheets(folder: string): Promise<void> {
  const sheets = {
    classes: rowsOf(classes, ({ name }) => ({ className: name })),
    backgrounds: rowsOf(backgrounds, ({ name }) => ({ background: name })),
    styles: rowsOf(styles, ({ name }) => ({ style: name })),
    accessories: rowsOf(accessories, wornBy),
    subjects: subjects.flatMap(subjectScenes),
  };
  await mkdir(folder, { recursive: true });
  for (const [name, scenes] of Object.entries(sheets)) {
    const pictures = await renderScenes(scenes, size);
    const across = name === 'subjects' ? 10 : 12;
    await writeFile(join(folder, `${name}.png`), await sheetOf(pictures, across, size));
  }
  await writeFile(join(folder, 'captions.txt'), captions(60));
}

/** Captions as training has them, each with what it says of the scene alone. */
function captions(count: number): string {
  const chance = new Chance(1);
  const scenes = Array.from({ length: count }, () => drawnScene(chance));
  return scenes.map(({ caption, sceneWords }) => `${caption} | ${sceneWords}\n`).join('');
}

const [what, folder] = process.argv.slice(2);
if (what !== 'sheets' || folder === undefined) {
  console.error('expected: npm run pocket:world -- sheets FOLDER');
  process.exitCode = 2;
} else {
  await writeSheets(folder);
}

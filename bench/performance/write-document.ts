/** @file docs/performance.md and its figures, of what was measured alone: the same measurements give the same bytes. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { standaloneSvg } from '../../src/experiments/report/charts/render.ts';
import { charts } from './charts.ts';
import type { Measurements } from './measurements.ts';
import { sections } from './sections.ts';

/** The text around the tables; a line such as `{step}` is where a part stands. */
const page = join(import.meta.dirname, 'page.md');

/** Files of a document. */
export function placesOf(document: string) {
  const folder = document.replace(/\.md$/, '');
  return { folder, measurements: join(folder, 'measurements.json') };
}

/** The text, and the figures by their names. */
export async function documentOf(found: Measurements, folderName: string) {
  const figures = await charts(found);
  const parts = sections(found, (name) => {
    const figure = figures.get(name);
    return figure && `![${figure.reading}](${folderName}/${name}.svg)`;
  });
  const template = await readFile(page, 'utf8');
  const text = template.replaceAll(/^\{([a-z]+)\}$/gm, (_, name: string) => {
    const part = parts.get(name);
    if (part === undefined) throw new Error(`${page} names "${name}", which is no part`);
    return part;
  });
  return { text, figures };
}

/** Writes it; figures of an earlier one that it lacks are removed. */
export async function writeDocument(path: string, found: Measurements): Promise<void> {
  const { folder } = placesOf(path);
  const name = folder.slice(dirname(folder).length + 1);
  const { text, figures } = await documentOf(found, name);
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder)) {
    if (file.endsWith('.svg')) await rm(join(folder, file));
  }
  for (const [figure, { svg }] of figures) {
    await writeFile(join(folder, `${figure}.svg`), standaloneSvg(svg));
  }
  await writeFile(path, text);
}

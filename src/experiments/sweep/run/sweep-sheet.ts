/** @file The pictures that a sweep's report shows, cut out of the sheets of its tasks and put on one. */
import { required } from '../../../base/required.ts';
import type { Image } from '../../../data/image.ts';
import type { ResultStore } from '../../store/result-store.ts';
import type { PlannedCell } from '../plan/plan-cell.ts';
import type { SweepPlan } from '../plan/plan-sweep.ts';
import { type Figure, shownByDefault } from '../spec/spec.ts';
import { variantsNamed } from '../spec/variants.ts';
import type { CollectedResults } from './collect.ts';
import type { ResultPicture, SweepResults } from './results.ts';
import { cutSheet, encodeSheet, readThumbnail } from './thumbnails.ts';

export interface ResultSheet {
  readonly sheet: NonNullable<SweepResults['sheet']>;
  readonly bytes: Uint8Array;
}

/** As many beside each other. */
const columns = 16;

/** The sheet of a sweep; undefined where its report shows no pictures. */
export async function resultSheet(
  plan: SweepPlan,
  results: CollectedResults,
  store: ResultStore,
): Promise<ResultSheet | undefined> {
  const wanted = wantedPictures(plan, results);
  if (wanted.length === 0) return undefined;
  const shown = plan.subjects.filter(({ subject }) =>
    wanted.some(({ cell }) => cell.subject === subject.name),
  );
  const real: { readonly subject: string; readonly number: number }[] = [];
  const pictures: Image[] = [];
  for (const { subject } of shown) {
    for (const [i, path] of subject.images.entries()) {
      real.push({ subject: subject.name, number: i + 1 });
      pictures.push(await readThumbnail(path));
    }
  }
  const records: ResultPicture[] = [];
  for (const { cell, prompts } of wanted) {
    const name = `pictures/${cell.key}.webp`;
    const bytes = await store.read(name);
    if (bytes === undefined) continue;
    const count = results.cells.find(({ key }) => key === cell.key)?.prompts.length ?? 1;
    const perPrompt = Math.max(1, cell.drawSeeds.length);
    const cut = await cutSheet(bytes, name, { columns: perPrompt, rows: count });
    for (const { position, number } of prompts) {
      const { key, variant, subject, seed } = cell;
      pictures.push(cut(position * perPrompt));
      const drawSeed = required(cell.drawSeeds, 0);
      records.push({ ...{ key, variant, subject, seed }, prompt: number, drawSeed });
    }
  }
  const width = Math.max(...pictures.map((picture) => picture.width));
  const height = Math.max(...pictures.map((picture) => picture.height));
  return {
    sheet: { ...{ columns, width, height, real }, pictures: records },
    bytes: await encodeSheet(pictures, columns),
  };
}

interface Wanted {
  readonly cell: PlannedCell;
  readonly prompts: readonly { readonly position: number; readonly number: number }[];
}

/** One cell of every variant and subject that is shown: that of the first seed. */
function wantedPictures(plan: SweepPlan, results: CollectedResults): readonly Wanted[] {
  const done = new Set(results.cells.map(({ key }) => key));
  const wanted = new Map<string, Wanted>();
  for (const figure of plan.spec.show) {
    if (figure.kind !== 'pictures') continue;
    for (const cell of cellsOf(figure, plan)) {
      if (!done.has(cell.key)) continue;
      const subject = plan.subjects.find((each) => each.subject.name === cell.subject);
      const templates = subject?.templates ?? [];
      const numbers =
        figure.prompts ?? templates.slice(0, shownByDefault.prompts).map(({ number }) => number);
      const prompts = templates
        .map(({ number }, position) => ({ number, position }))
        .filter(({ number }) => numbers.includes(number));
      const name = `${cell.variant} ${cell.subject}`;
      const known = wanted.get(name)?.prompts ?? [];
      const more = prompts.filter(({ number }) => !known.some((each) => each.number === number));
      wanted.set(name, { cell, prompts: [...known, ...more] });
    }
  }
  return [...wanted.values()];
}

function cellsOf(
  figure: Extract<Figure, { readonly kind: 'pictures' }>,
  { name, variants, subjects, cells, spec }: SweepPlan,
): readonly PlannedCell[] {
  const indices = new Map(variants.map((variant, index) => [variant.name, index]));
  const chosen = (figure.cases ?? variants.map((variant) => variant.name))
    .flatMap((each) => variantsNamed(variants, each, name))
    .map((variant) => indices.get(variant.name));
  const first = subjects.slice(0, shownByDefault.subjects).map(({ subject }) => subject.name);
  const named = figure.subjects ?? first;
  return cells.filter(
    ({ variant, subject, seed }) =>
      chosen.includes(variant) && named.includes(subject) && seed === spec.seeds[0],
  );
}

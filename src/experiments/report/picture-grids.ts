/** @file Pictures to look at: a row for each variant, a column for each prompt or value of a setting, and what made each. */
import { DataError } from '../../base/errors.ts';
import { grouped } from '../../base/grouped.ts';
import { formatCount } from '../../base/quantities.ts';
import { required } from '../../base/required.ts';
import { withSubject } from '../../base/subject-template.ts';
import { decodeImage, encodeWebp, type Image } from '../../data/image.ts';
import { cutFromGrid } from '../../data/tiled-pictures.ts';
import { fillTemplate } from '../../metrics/prompts.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import type { ResultPicture, SweepResults } from '../sweep/run/results.ts';
import { type Figure, measures, shownByDefault } from '../sweep/spec/spec.ts';
import { factorText } from '../sweep/spec/variants.ts';
import type { ResultsFile } from './data/read-results.ts';
import { measureWords } from './words/metric-words.ts';
import { score } from './words/number-words.ts';
import { type Fact, subjectWords } from './words/settings-in-words.ts';

type PicturesFigure = Extract<Figure, { kind: 'pictures' }>;
type Subject = SweepResults['subjects'][number];
type Sheet = NonNullable<SweepResults['sheet']>;

export interface ShownPicture {
  readonly image: Image;
  readonly webp: Uint8Array;
  /** What it shows, in words. */
  readonly caption: string;
  /** What made it, and how it scored. */
  readonly facts: readonly Fact[];
  /** Whose complete settings belong to it; undefined of a real picture. */
  readonly variant: number | undefined;
}

export interface PictureRow {
  readonly label: string;
  /** By column; of real pictures, one after the other. */
  readonly cells: readonly (readonly ShownPicture[])[];
}

export interface PictureGrid {
  /** The subject, with the prompt where all pictures are of one. */
  readonly title: string;
  /** Prompts in short, "in the snow", or values of a setting. */
  readonly columns: readonly string[];
  /** The real pictures first. */
  readonly rows: readonly PictureRow[];
}

/** What grids are cut from. */
interface Source {
  readonly results: SweepResults;
  readonly sheet: Sheet;
  readonly figure: PicturesFigure;
  readonly cut: Cut;
}

/** The picture at a position of the sheet. */
type Cut = (position: number) => Promise<Pick<ShownPicture, 'image' | 'webp'>>;

/** A grid for each subject of the figure, or for each prompt of each; none where the results have no pictures. */
export async function pictureGrids(
  { results, sheetPath }: ResultsFile,
  figure: PicturesFigure,
): Promise<readonly PictureGrid[]> {
  const { sheet, subjects } = results;
  if (sheet === undefined || sheetPath === undefined) return [];
  const source = { results, sheet, figure, cut: await openSheet(sheetPath, sheet) };
  const drawn = subjects.filter(({ name }) =>
    sheet.pictures.some(({ subject }) => subject === name),
  );
  const chosen =
    figure.subjects === undefined
      ? drawn.slice(0, shownByDefault.subjects)
      : drawn.filter(({ name }) => figure.subjects?.includes(name));
  const { across } = figure;
  if (across === undefined) return await Promise.all(chosen.map((each) => gridOf(source, each)));
  const grids = chosen.map((subject) => gridsAcross(source, subject, across));
  return (await Promise.all(grids)).flat();
}

async function openSheet(path: string, sheet: Sheet): Promise<Cut> {
  const image = await decodeImage(await readBytes(path), path);
  const { columns, width, height } = sheet;
  const rows = Math.ceil((sheet.real.length + sheet.pictures.length) / columns);
  if (image.width !== columns * width || image.height < rows * height) {
    throw new DataError(
      'SHEET_SIZE',
      `${path}: expected ${columns} x ${rows} thumbnails of ${width} x ${height}, found a picture of ${image.width} x ${image.height}; it is not the sheet of these results: let the sweep write both again`,
    );
  }
  return async (position) => {
    const thumbnail = cutFromGrid(image, { width, height }, position);
    return { image: thumbnail, webp: await encodeWebp(thumbnail, 92) };
  };
}

async function gridOf(source: Source, subject: Subject): Promise<PictureGrid> {
  const prompts = promptsOf(source, subject);
  const rows = await Promise.all(
    chosenVariants(source).map(async ({ name, index }) => ({
      label: name,
      cells: await Promise.all(
        prompts.map(({ number }) => cellOf(source, subject, { variant: index, number })),
      ),
    })),
  );
  return {
    title: subjectWords(subject.name),
    columns: prompts.map(({ template }) => shortPrompt(template)),
    rows: [await realRow(source, subject), ...rows.filter(hasPictures)],
  };
}

/** A grid for each prompt: a row for variants that differ in one setting alone, whose values are the columns. */
async function gridsAcross(
  source: Source,
  subject: Subject,
  path: string,
): Promise<readonly PictureGrid[]> {
  const variants = chosenVariants(source).filter(({ factors }) => factors[path] !== undefined);
  const values = [...new Set(variants.map(({ factors }) => String(factors[path])))];
  const groups = grouped(variants, ({ case: ofCase, factors }) =>
    [
      ofCase,
      ...Object.entries(factors).flatMap(([name, value]) =>
        name === path ? [] : [factorText(name, value)],
      ),
    ].join(', '),
  );
  const real = await realRow(source, subject);
  return await Promise.all(
    promptsOf(source, subject).map(async ({ number, template }) => {
      const rows = await Promise.all(
        [...groups].map(async ([label, group]) => ({
          label,
          cells: await Promise.all(
            values.map((value) => {
              const variant = group.find(({ factors }) => String(factors[path]) === value);
              return variant ? cellOf(source, subject, { variant: variant.index, number }) : [];
            }),
          ),
        })),
      );
      return {
        title: `${subjectWords(subject.name)}, ${shortPrompt(template)}`,
        columns: values.map((value) => factorText(path, value)),
        rows: [real, ...rows.filter(hasPictures)],
      };
    }),
  );
}

function chosenVariants({ results, figure: { cases } }: Source) {
  return results.variants
    .map((variant, index) => ({ ...variant, index }))
    .filter(
      ({ name, case: ofCase }) => cases?.some((one) => one === ofCase || one === name) ?? true,
    );
}

function hasPictures({ cells }: PictureRow): boolean {
  return cells.some((pictures) => pictures.length > 0);
}

async function realRow(source: Source, subject: Subject): Promise<PictureRow> {
  const pictures = source.sheet.real.flatMap(({ subject: name, number }, position) =>
    name === subject.name ? [realPicture(source, subject, { number, position })] : [],
  );
  return {
    label: 'real pictures',
    cells: (await Promise.all(pictures)).map((picture) => [picture]),
  };
}

/** Those of the figure that have a picture. */
function promptsOf({ sheet, figure }: Source, subject: Subject): Subject['prompts'] {
  const drawn = sheet.pictures.filter((picture) => picture.subject === subject.name);
  const available = subject.prompts.filter(({ number }) =>
    drawn.some(({ prompt }) => prompt === number),
  );
  return figure.prompts === undefined
    ? available.slice(0, shownByDefault.prompts)
    : available.filter(({ number }) => figure.prompts?.includes(number));
}

/** The pictures of a variant and a prompt. */
async function cellOf(
  source: Source,
  subject: Subject,
  { variant, number }: { readonly variant: number; readonly number: number },
): Promise<readonly ShownPicture[]> {
  const { sheet } = source;
  return await Promise.all(
    sheet.pictures.flatMap((picture, i) =>
      picture.variant === variant && picture.subject === subject.name && picture.prompt === number
        ? [drawnPicture(source, subject, { picture, position: sheet.real.length + i })]
        : [],
    ),
  );
}

async function realPicture(
  { cut }: Source,
  { name, className }: Subject,
  { number, position }: { readonly number: number; readonly position: number },
): Promise<ShownPicture> {
  const subject = subjectWords(name);
  return {
    ...(await cut(position)),
    caption: `real picture ${number} of ${subject}`,
    facts: [
      ['what', 'a real picture, as the subject was trained on or is compared with'],
      ['subject', subject],
      ['class', className],
      ['number', String(number)],
    ],
    variant: undefined,
  };
}

async function drawnPicture(
  { results, cut }: Source,
  subject: Subject,
  { picture, position }: { readonly picture: ResultPicture; readonly position: number },
): Promise<ShownPicture> {
  const variant = results.variants[picture.variant];
  const template = subject.prompts.find(({ number }) => number === picture.prompt)?.template ?? '';
  const prompt = fillTemplate(template, subject).typed;
  const parameters = variant?.parameters;
  return {
    ...(await cut(position)),
    caption: `${variant?.name ?? ''}: ${prompt}`,
    facts: [
      ['prompt', prompt],
      ['variant', variant?.name ?? ''],
      ['subject', subjectWords(subject.name)],
      ['seed of the picture', String(picture.drawSeed)],
      ['seed of training', String(picture.seed)],
      ...(parameters === undefined ? [] : [['parameters', formatCount(parameters)] as const]),
      ...scoresOf(results, subject, picture),
    ],
    variant: picture.variant,
  };
}

/** Scores are kept by prompt: the mean over the pictures that were drawn of it. */
function scoresOf(
  results: SweepResults,
  subject: Subject,
  picture: ResultPicture,
): readonly Fact[] {
  const cell = results.cells.find(
    ({ variant, subject: name, seed }) =>
      variant === picture.variant && name === subject.name && seed === picture.seed,
  );
  const at = subject.prompts.findIndex(({ number }) => number === picture.prompt);
  const scores = cell === undefined || at === -1 ? {} : required(cell.prompts, at);
  return measures.flatMap((measure) => {
    const value = scores[measure];
    return value === undefined
      ? []
      : [[`${measureWords[measure].label} of the prompt`, score(value)] as const];
  });
}

/** `a {} in the snow` is "in the snow", `a purple {}` is "a purple …". */
function shortPrompt(template: string): string {
  const words = withSubject(template, '…').replace(/^an? …\s*/, '');
  return words === '' ? 'alone' : words;
}

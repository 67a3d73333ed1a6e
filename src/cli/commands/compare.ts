/** @file `krona compare`: the same prompts and seeds with the adapters of several runs, on one sheet. */
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { formatCount } from '../../base/quantities.ts';
import { decodeImage, encodePng, type Image } from '../../data/image.ts';
import { contactSheet, type SheetRow } from '../../generate/contact-sheet.ts';
import { generate } from '../../generate/generate.ts';
import { type FolderOptions, generateSchema } from '../../generate/generate-options.ts';
import { OutputPictures } from '../../generate/output-pictures.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { requireEmptyFolder } from '../../storage/files/new-path.ts';
import { type RunRecord, readRun } from '../../train/folder/run-folder.ts';
import { type Field, fieldsOf } from '../flags/fields.ts';
import { addSettings, givenSettings, requireSettings } from '../flags/settings.ts';
import { addAction, type Work } from '../shell/action.ts';
import type { Terminal } from '../shell/terminal.ts';
import { showGeneration } from './generate.ts';
import { describeOptions } from './inspect/finding.ts';

const schema = generateSchema.pick({
  prompt: true,
  count: true,
  out: true,
  negative: true,
  steps: true,
  guidance: true,
  strength: true,
  sampler: true,
  seed: true,
  device: true,
});

/** What differs from generating. */
const own: Readonly<Record<string, Pick<Field, 'description'> & { readonly default?: unknown }>> = {
  prompt: {
    description: '{subject} stands for the subject of the run; one a flag',
    default: '"a {subject}" and three more',
  },
  count: { description: 'pictures per prompt and run', default: 1 },
  out: { description: 'new folder for the pictures and their sheet' },
};
const fields = fieldsOf(schema).map((field) => {
  const { description = field.description, ...json } = own[field.key] ?? {};
  return { ...field, description, json: { ...field.json, ...json } };
});

const examples = `
Examples:
  krona compare runs/krona runs/lora runs/lokr --out comparison
  krona compare runs/a runs/b --prompt "a {subject} on the beach" --prompt "a {subject} in the snow" --count 2 --out c

The folder holds sheet.png, every run's pictures, and the pictures they were trained on in the first row.
`;

/** Gives the command its options and its action. */
export function addCompare(command: Command, terminal: Terminal): void {
  command
    .description(
      'Draws the same prompts with the same seeds for several runs and puts them on one sheet.',
    )
    .argument('<runs...>', 'run folders whose training has finished')
    .addHelpText('after', examples);
  addSettings(command, fields, 'What to show, and how:');
  const stopping = 'stopping after this step ...';
  addAction(command, terminal, { json: 'events', stopping }, (work, runs: readonly string[]) =>
    compare(runs, command, work),
  );
}

const usualPrompts = [
  'a {subject}',
  'a {subject} on the beach',
  'a {subject} in the snow',
  'a {subject} in front of a brick wall',
];

async function compare(runs: readonly string[], command: Command, work: Work): Promise<void> {
  const given = await givenSettings(command, fields);
  requireSettings(given, fields, ['out']);
  const { prompt = usualPrompts, count = 1, ...settings } = given as FolderOptions;
  const prompts = [prompt].flat();
  await requireEmptyFolder(settings.out);
  const listener = work.shown(showGeneration);
  const records = await Promise.all(runs.map(readRun));
  const rows = await trainingPictures(records);
  const captions = prompts.flatMap((prompt) => [prompt, ...Array<string>(count - 1).fill('')]);
  for (const [i, run] of runs.entries()) {
    const record = records[i];
    if (record === undefined) continue;
    const images: Image[] = [];
    for (const [j, prompt] of prompts.entries()) {
      const out = join(settings.out, `${i + 1}-${basename(run)}`, String(j + 1));
      const options = { ...settings, run, prompt, count, batchSize: count, out };
      const { pictures } = await generate(options, { ...work, listener });
      images.push(...(await readImages(pictures)));
    }
    rows.push({ ...labelOf(record), ...(i === 0 && { captions }), images });
  }
  const columns = Math.max(prompts.length * count, rows[0]?.images.length ?? 1);
  const sheet = await contactSheet({
    title: `${runs.length} runs, the same prompts and seeds`,
    rows,
    columns,
  });
  const output = await OutputPictures.in(settings.out);
  const path = await output.writeSheet(await encodePng(sheet));
  work.out({ text: `${path}\n`, value: { type: 'sheet', file: path } });
}

/** The pictures of the first run, and of others that had other ones. */
async function trainingPictures(records: readonly RunRecord[]): Promise<SheetRow[]> {
  const folders = new Map(records.map(({ config, images }) => [config.images, images]));
  return await Promise.all(
    [...folders].map(async ([folder, names]) => ({
      label: 'training pictures',
      images: await readImages(names.map((name) => join(folder, name))),
    })),
  );
}

function labelOf({ config, parameters }: RunRecord): Pick<SheetRow, 'label' | 'note'> {
  const { adapter, adapterOptions, newToken } = config;
  const options = describeOptions(adapterOptions);
  const method = newToken && adapter !== 'textual-inversion' ? `${adapter} + new word` : adapter;
  const count = `${formatCount(parameters)} parameters`;
  return { label: method, note: options === '' ? count : `${options}, ${count}` };
}

async function readImages(paths: readonly string[]): Promise<readonly Image[]> {
  return await Promise.all(paths.map(async (path) => decodeImage(await readBytes(path), path)));
}

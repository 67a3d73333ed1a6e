/** @file `krona compare`: the same prompts and seeds with the adapters of several runs, on one sheet. */

import { basename, join } from 'node:path';
import { type Command, Option } from 'commander';
import { ConfigError } from '../../base/errors.ts';
import { formatCount } from '../../base/quantities.ts';
import { decodeImage, encodePng, type Image } from '../../data/image.ts';
import { contactSheet, type SheetRow } from '../../generate/contact-sheet.ts';
import { generateSchema } from '../../generate/generate-options.ts';
import { OutputPictures } from '../../generate/output-pictures.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { requireEmptyFolder } from '../../storage/files/new-path.ts';
import { type RunRecord, readRun } from '../../train/folder/run-folder.ts';
import { fieldsOf } from '../flags/fields.ts';
import { addFlags, collect, readFlags } from '../flags/flags.ts';
import { addOutputFlags, type OutputFlags } from '../flags/settings.ts';
import type { Terminal } from '../shell/terminal.ts';
import { showGeneration } from './generate.ts';
import { describeOptions } from './inspect/finding.ts';

const shared = generateSchema.pick({
  negative: true,
  steps: true,
  guidance: true,
  strength: true,
  sampler: true,
  seed: true,
  device: true,
});
const fields = fieldsOf(shared);

const examples = `
Examples:
  krona compare runs/krona runs/lora runs/lokr --out comparison
  krona compare runs/a runs/b --prompt "a {subject} on the beach" --prompt "a {subject} in the snow" --count 2 --out c

The folder holds sheet.png, every run's pictures, and the pictures they were trained on in the first row.
`;

interface CompareFlags extends OutputFlags {
  readonly prompt: readonly string[];
  readonly count: string;
  readonly out: string;
}

/** Gives the command its options and its action. */
export function addCompare(command: Command, terminal: Terminal): void {
  command
    .description(
      'Draws the same prompts with the same seeds for several runs and puts them on one sheet.',
    )
    .argument('<runs...>', 'run folders whose training has finished')
    .addHelpText('after', examples)
    .addOption(
      new Option('--prompt <text>', '{subject} stands for the subject of the run; one a flag')
        .default([], '"a {subject}" and three more')
        .argParser(collect),
    )
    .option('--count <n>', 'pictures per prompt and run', '1')
    .requiredOption('--out <dir>', 'new folder for the pictures and their sheet');
  addFlags(command, fields, 'How:');
  addOutputFlags(command);
  command.action((runs: readonly string[]) => compare(runs, command, terminal));
}

const usualPrompts = [
  'a {subject}',
  'a {subject} on the beach',
  'a {subject} in the snow',
  'a {subject} in front of a brick wall',
];

async function compare(
  runs: readonly string[],
  command: Command,
  terminal: Terminal,
): Promise<void> {
  const flags = command.opts<CompareFlags>();
  const count = Number(flags.count);
  if (!Number.isInteger(count) || count < 1) {
    throw new ConfigError(
      'INVALID_SETTING',
      `--count: expected a number from 1, got "${flags.count}"`,
    );
  }
  const prompts = flags.prompt.length === 0 ? usualPrompts : flags.prompt;
  const settings = readFlags(fields, command);
  await requireEmptyFolder(flags.out);
  const records = await Promise.all(runs.map(readRun));
  const rows = await trainingPictures(records);
  for (const [i, run] of runs.entries()) {
    const record = records[i];
    if (record === undefined) continue;
    const images: Image[] = [];
    for (const [j, prompt] of prompts.entries()) {
      const out = join(flags.out, `${i + 1}-${basename(run)}`, String(j + 1));
      const options = { ...settings, run, prompt, count, batchSize: count, out };
      const { pictures } = await showGeneration(terminal, flags, options);
      images.push(...(await readImages(pictures)));
    }
    rows.push({ label: labelOf(record), images });
  }
  const columns = Math.max(prompts.length * count, rows[0]?.images.length ?? 1);
  const sheet = await contactSheet({
    title: `${runs.length} runs, the same prompts and seeds`,
    subtitle: prompts.join('  |  '),
    rows,
    columns,
  });
  const output = await OutputPictures.in(flags.out);
  const path = await output.writeSheet(await encodePng(sheet));
  terminal.out(flags.json ? `${JSON.stringify({ type: 'sheet', file: path })}\n` : `${path}\n`);
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

function labelOf({ config, parameters }: RunRecord): string {
  const { adapter, adapterOptions, newToken } = config;
  const options = describeOptions(adapterOptions);
  const method = newToken && adapter !== 'textual-inversion' ? `${adapter} + new word` : adapter;
  return `${method}${options === '' ? '' : ` (${options})`}, ${formatCount(parameters)} parameters`;
}

async function readImages(paths: readonly string[]): Promise<readonly Image[]> {
  return await Promise.all(paths.map(async (path) => decodeImage(await readBytes(path), path)));
}

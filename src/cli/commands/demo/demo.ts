/** @file `krona demo`: learns a bundled subject on the bundled model and shows it before and after. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { formatDuration } from '../../../base/quantities.ts';
import { withSubject } from '../../../base/subject-template.ts';
import { decodeImage, encodePng, type Image } from '../../../data/image.ts';
import { type PocketSubject, pocketSubject } from '../../../data/pocket.ts';
import { contactSheet, type SheetRow } from '../../../generate/contact-sheet.ts';
import { generate } from '../../../generate/generate.ts';
import { generateSchema } from '../../../generate/generate-options.ts';
import { writeFileAtomic } from '../../../storage/files/atomic-file.ts';
import { readBytes } from '../../../storage/files/binary-file.ts';
import { resumeRun, startRun } from '../../../train/run.ts';
import { trainSchema } from '../../../train/train-options.ts';
import { fieldsOf } from '../../flags/fields.ts';
import { addFlags, readFlags } from '../../flags/flags.ts';
import { addAction, type Work } from '../../shell/action.ts';
import { generationOf } from '../../shell/command-line.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { showGeneration } from '../generate.ts';
import { whole } from '../train/train.ts';
import { showTraining } from '../train/train-progress.ts';
import { demoNames, prepareDemoFolder } from './demo-folder.ts';

const fields = fieldsOf(trainSchema.pick({ steps: true, seed: true })).map((field) =>
  field.key === 'steps'
    ? {
        ...field,
        json: { type: 'integer' as const },
        description: 'optimiser steps; as many as the model recommends where not given',
      }
    : field,
);

/** What the sheet shows; {} is the class before training, the subject after it. */
const prompts = ['a {}', 'a {} on the beach', 'a {} in the snow', 'a {} in front of a brick wall'];

/** Pictures of each prompt: as many as there are training pictures, so that the sheet is even. */
const usualCount = 5;

const drawingFields = fieldsOf(generateSchema.pick({ count: true })).map((field) => ({
  ...field,
  json: { ...field.json, default: usualCount },
}));

const examples = `
Examples:
  krona demo
  krona demo --subject robot --out demo-robot
  krona demo --force                      begin again in the same folder

The bundled model "pocket" is a toy: 64 x 64 pictures of one object on one background, in Stable Diffusion's structure.
The demo takes a minute or two on two cores. Stopped with Ctrl-C, it goes on when it is started again.
`;

interface DemoFlags {
  readonly subject: string;
  readonly out: string;
  readonly force?: true;
}

/** Gives the command its options and its action. */
export function addDemo(command: Command, terminal: Terminal): void {
  command
    .description(
      'Trains the bundled model on five bundled pictures of a subject and leaves a sheet: training pictures, before, after.',
    )
    .addHelpText('after', examples)
    .option('--subject <name>', 'one of the bundled subjects', 'teapot')
    .option('--out <dir>', 'folder for the run, the pictures and sheet.png', 'demo')
    .option('--force', 'replace an earlier demo in that folder');
  addFlags(command, [...fields, ...drawingFields], 'Options:');
  const stopping = 'stopping after this step; what is trained is kept ...';
  addAction(command, terminal, { json: 'events', stopping, without: ['offline'] }, (work) =>
    demo(command, work),
  );
}

async function demo(command: Command, work: Work): Promise<void> {
  const { out, force = false, ...flags } = command.opts<DemoFlags>();
  const settings = readFlags(fields, command);
  const { count = usualCount } = readFlags(drawingFields, command);
  const subject = await pocketSubject(flags.subject);
  const started = work.now();
  const state = await prepareDemoFolder(out, { images: subject.folder, force });
  const run = join(out, demoNames.run);
  const { className } = subject;
  const host = { ...work, listener: work.shown(showTraining) };
  if (state === 'resume') {
    work.note(
      `${out} holds this demo: its training goes on where it is, and all pictures are drawn again`,
    );
    whole(await resumeRun(run, host));
  } else {
    const about = { images: subject.folder, subject: `sks ${className}`, class: className };
    whole(await startRun({ base: 'pocket', ...about, out: run, ...settings }, host));
  }
  const rows = await drawRows(subject, { work, out, run, count: Number(count) });
  const sheet = join(out, demoNames.sheet);
  const image = await contactSheet({
    title: `${subject.classPrompt.replace(/^a/, 'A')}, learned from ${subject.images.length} pictures`,
    subtitle: 'The same prompts and seeds before training and after it, on the bundled toy model.',
    rows,
  });
  await writeFileAtomic(sheet, await encodePng(image));
  const seconds = (work.now() - started) / 1000;
  work.out({ text: ending(sheet, run, seconds), value: { type: 'sheet', file: sheet, seconds } });
}

function ending(sheet: string, run: string, seconds: number): string {
  return `
the sheet is ${sheet} (${formatDuration(seconds)} in all)
more pictures:  ${generationOf(run, 'a {subject} in the jungle')}
your own:       krona train --images DIR --subject "sks dog" --out RUN
`;
}

interface Drawing {
  readonly work: Work;
  /** The demo's folder. */
  readonly out: string;
  readonly run: string;
  readonly count: number;
}

/** The training pictures, then every prompt with the base model and with the adapter. */
async function drawRows(subject: PocketSubject, drawing: Drawing): Promise<readonly SheetRow[]> {
  const rows: SheetRow[] = [
    { label: 'training pictures', images: await readImages(subject.images) },
  ];
  for (const [i, template] of prompts.entries()) {
    const before = withSubject(template, subject.className);
    const after = withSubject(template, `sks ${subject.className}`);
    const requests = [
      { label: 'before', note: before, base: 'pocket', prompt: before, within: demoNames.before },
      { label: 'after', note: after, run: drawing.run, prompt: template, within: demoNames.after },
    ];
    for (const { label, note, within, ...request } of requests) {
      const folder = join(within, `${i + 1}`);
      const images = await draw(drawing, { ...request, label: `${label}: ${note}`, folder });
      rows.push({ label, note, images });
    }
  }
  return rows;
}

interface Request {
  readonly base?: string;
  readonly run?: string;
  readonly prompt: string;
  /** Within the demo's folder. */
  readonly folder: string;
  readonly label: string;
}

async function draw(
  { work, out, count }: Drawing,
  { folder, label, ...request }: Request,
): Promise<readonly Image[]> {
  work.note(`drawing ${label}`);
  const { pictures } = await generate(
    { ...request, count, batchSize: count, out: join(out, folder) },
    { ...work, listener: work.shown(showGeneration) },
  );
  return await readImages(pictures);
}

async function readImages(paths: readonly string[]): Promise<readonly Image[]> {
  return await Promise.all(paths.map(async (path) => decodeImage(await readBytes(path), path)));
}

/** @file `krona dreambench`: the subjects and prompts of DreamBench, and the pictures, checked or fetched. */
import { type Command, Option } from 'commander';
import { DataError } from '../../base/errors.ts';
import type { Listener } from '../../base/listener.ts';
import { formatCount, formatPlural, formatPosition } from '../../base/quantities.ts';
import { required } from '../../base/required.ts';
import { type CheckEvent, checkDreamBench } from '../../experiments/benchmark/check-dreambench.ts';
import {
  type DreamBench,
  type DreamBenchSubject,
  readDreamBench,
} from '../../experiments/benchmark/dreambench.ts';
import { findingLines, isFault } from '../../experiments/benchmark/dreambench-findings.ts';
import {
  type FetchEvent,
  type FetchOptions,
  fetchDreamBench,
} from '../../experiments/benchmark/fetch-dreambench.ts';
import { countPictures, picturesPerPrompt } from '../../experiments/benchmark/protocol.ts';
import { addAction, type Work } from '../shell/action.ts';
import { commandLine } from '../shell/command-line.ts';
import type { Progress } from '../shell/progress.ts';
import type { Terminal } from '../shell/terminal.ts';
import { formatTable } from '../words/table.ts';

const examples = `
Examples:
  krona dreambench list --prompts
  krona dreambench fetch --out dreambench --subjects dog6,teapot
  krona dreambench check dreambench
  krona evaluate --pictures other-tool --subjects dreambench/subjects.json --prompts dreambench/prompts.json

docs/dreambench.md says what it is and under which licences the pictures are.
`;

type Subjects = Pick<FetchOptions, 'subjects'>;

/** Gives the command its options and its action. */
export function addDreamBench(command: Command, terminal: Terminal): void {
  command
    .description(
      'DreamBench, the benchmark of the DreamBooth paper: 30 subjects with their pictures, 25 prompts for each.',
    )
    .addHelpText('after', examples);
  const listing = command
    .command('list')
    .summary('subjects, and prompts with --prompts')
    .option('--prompts', 'also the prompts, numbered as folders of pictures are');
  addAction(listing, terminal, { json: 'result', without: ['offline', 'quiet'] }, list);
  const checking = command
    .command('check')
    .summary('does a folder hold the pictures, all and readable?')
    .argument('<dir>', 'folder with a folder for each subject, or with such folders in "dataset"')
    .addOption(subjectsOption());
  addAction(checking, terminal, { json: 'events', without: ['offline'] }, check);
  const fetching = command
    .command('fetch')
    .summary('download the pictures from the Hugging Face hub')
    .requiredOption('--out <dir>', 'folder to make, or one with some of the subjects')
    .addOption(subjectsOption());
  const stopping = 'stopping; what has arrived is kept ...';
  addAction(fetching, terminal, { json: 'events', stopping }, fetchPictures);
}

function subjectsOption(): Option {
  return new Option(
    '--subjects <names>',
    'only these, with commas between (default: all)',
  ).argParser((text: string, before: readonly string[] = []) => [
    ...before,
    ...text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ]);
}

async function list(work: Work, { prompts }: { readonly prompts?: true }): Promise<void> {
  const bench = await readDreamBench();
  const shown = prompts ? `\n${formatPrompts(bench)}` : '';
  await work.answer({
    text: `${formatSubjects(bench.subjects)}${shown}\n${protocolLine(bench)}\n`,
    value: { ...bench, picturesPerPrompt },
  });
}

function formatSubjects(subjects: readonly DreamBenchSubject[]): string {
  const rows = subjects.map(({ name, className, type, pictures }) => {
    return [name, className, type, String(pictures)];
  });
  const columns = [{ title: 'subject' }, { title: 'class' }, { title: 'type' }];
  return formatTable([...columns, { title: 'pictures', align: 'right' }], rows);
}

function formatPrompts({ prompts: { object, live } }: DreamBench): string {
  const rows = object.map((prompt, i) => [
    ...[String(i + 1).padStart(2, '0'), prompt],
    i < live.length ? required(live, i) : '',
  ]);
  return formatTable([{ title: '' }, { title: 'object' }, { title: 'live' }], rows);
}

function protocolLine(bench: DreamBench): string {
  const { subjects, prompts } = bench;
  const classes = new Set(subjects.map(({ className }) => className)).size;
  const real = subjects.reduce((sum, { pictures }) => sum + pictures, 0);
  return [
    `${subjects.length} subjects of ${classes} classes, ${real} pictures`,
    `${prompts.object.length} prompts for each, ${picturesPerPrompt} pictures of a prompt: ${formatCount(countPictures(bench))}`,
  ].join('; ');
}

async function check(work: Work, folder: string, { subjects }: Subjects): Promise<void> {
  const host = { ...work, subjects, listener: work.shown(showCheck) };
  const result = await checkDreamBench(folder, host);
  const { root, complete, findings } = result;
  const names = complete.map(({ name }) => name);
  const lines = [
    ...findingLines(result),
    `${root}: ${formatPlural(names.length, 'subject')} complete`,
  ];
  await work.answer({
    text: lines.map((line) => `${line}\n`).join(''),
    value: { type: 'dreambench', root, complete: names, findings },
  });
  const faults = findings.filter(isFault).length;
  if (faults === 0) return;
  throw new DataError(
    'DREAMBENCH_PICTURES',
    `${root}: ${formatPlural(faults, 'fault')}; move what is half there away, then ${commandLine('dreambench', 'fetch', '--out', folder)} brings what lacks`,
  );
}

function showCheck(progress: Progress): Listener<CheckEvent> {
  return ({ subject, done, total }) =>
    progress.status(`checked ${formatPosition('subject', done, total)}: ${subject}`);
}

async function fetchPictures(work: Work, { out, subjects }: FetchOptions): Promise<void> {
  const host = { ...work, listener: work.shown(showFetch) };
  const fetched = await fetchDreamBench({ out, subjects }, host);
  const { root, written, there, source } = fetched;
  const from = source === undefined ? '' : ` from ${source}`;
  const already = there.length === 0 ? '' : `, ${there.length} there already`;
  work.out({
    text: `${root}: ${formatPlural(written.length, 'subject')}${from}${already}\n`,
    value: { type: 'fetched', ...fetched },
  });
}

function showFetch(progress: Progress): Listener<FetchEvent> {
  return (event) => {
    switch (event.type) {
      case 'checked':
        progress.status(
          `checked ${formatPosition('subject', event.done, event.total)}: ${event.subject}`,
        );
        break;
      case 'written':
        progress.note(`${event.folder}: ${formatPlural(event.pictures, 'picture')}`);
        break;
      default:
        event satisfies never;
    }
  };
}

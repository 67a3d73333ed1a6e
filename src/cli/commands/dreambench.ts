/** @file `krona dreambench`: the subjects and prompts of DreamBench, and the pictures, checked or fetched. */
import { type Command, Option } from 'commander';
import { DataError } from '../../base/errors.ts';
import type { Listener } from '../../base/listener.ts';
import { formatCount, formatPlural, formatPosition } from '../../base/quantities.ts';
import {
  type CheckEvent,
  checkDreamBench,
  type DreamBenchCheck,
} from '../../experiments/benchmark/check-dreambench.ts';
import {
  type DreamBench,
  type DreamBenchSubject,
  readDreamBench,
} from '../../experiments/benchmark/dreambench.ts';
import { findingLines, isFault } from '../../experiments/benchmark/dreambench-findings.ts';
import {
  type FetchEvent,
  type Fetched,
  type FetchOptions,
  fetchDreamBench,
} from '../../experiments/benchmark/fetch-dreambench.ts';
import { countPictures, picturesPerPrompt } from '../../experiments/benchmark/protocol.ts';
import type { OutputFlags } from '../flags/settings.ts';
import { commandLine } from '../shell/command-line.ts';
import type { Progress } from '../shell/progress.ts';
import { shownWork } from '../shell/shown-work.ts';
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

type Output = Pick<OutputFlags, 'quiet' | 'json'>;
type Subjects = Pick<FetchOptions, 'subjects'>;

/** Gives the command its options and its action. */
export function addDreamBench(command: Command, terminal: Terminal): void {
  command
    .description(
      'DreamBench, the benchmark of the DreamBooth paper: 30 subjects with their pictures, 25 prompts for each.',
    )
    .addHelpText('after', examples);
  command
    .command('list')
    .summary('subjects, and prompts with --prompts')
    .option('--prompts', 'also the prompts, numbered as folders of pictures are')
    .option('--json', 'all of it as JSON')
    .action((flags: { readonly prompts?: true; readonly json?: true }) => list(terminal, flags));
  command
    .command('check')
    .summary('does a folder hold the pictures, all and readable?')
    .argument('<dir>', 'folder with a folder for each subject, or with such folders in "dataset"')
    .addOption(subjectsOption())
    .option('--quiet', 'no progress')
    .option('--json', 'events and the result as JSON lines, for programs')
    .action((folder: string, flags: Output & Subjects) => check(terminal, folder, flags));
  command
    .command('fetch')
    .summary('download the pictures from the Hugging Face hub')
    .requiredOption('--out <dir>', 'folder to make, or one with some of the subjects')
    .addOption(subjectsOption())
    .option('--offline', "from the hub's cache only, as HF_HUB_OFFLINE=1")
    .option('--quiet', 'no progress')
    .option('--json', 'events and the result as JSON lines, for programs')
    .action((flags: OutputFlags & FetchOptions) => fetchPictures(terminal, flags));
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

async function list(
  terminal: Terminal,
  { prompts, json }: { readonly prompts?: true; readonly json?: true },
): Promise<void> {
  const bench = await readDreamBench();
  if (json) {
    await terminal.answer(`${JSON.stringify({ ...bench, picturesPerPrompt })}\n`);
    return;
  }
  await terminal.answer(formatSubjects(bench.subjects));
  if (prompts) await terminal.answer(`\n${formatPrompts(bench)}`);
  await terminal.answer(`\n${protocolLine(bench)}\n`);
}

function formatSubjects(subjects: readonly DreamBenchSubject[]): string {
  const rows = subjects.map(({ name, className, type, pictures }) => {
    return [name, className, type, String(pictures)];
  });
  const columns = [{ title: 'subject' }, { title: 'class' }, { title: 'type' }];
  return formatTable([...columns, { title: 'pictures', align: 'right' }], rows);
}

function formatPrompts({ prompts: { object, live } }: DreamBench): string {
  const rows = object.map((prompt, i) => [String(i + 1).padStart(2, '0'), prompt, live[i] ?? '']);
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

async function check(
  terminal: Terminal,
  folder: string,
  { subjects, ...flags }: Output & Subjects,
): Promise<void> {
  const showing = { stopping: 'stopping ...', show: showCheck };
  const result = await shownWork<CheckEvent, DreamBenchCheck>(
    terminal,
    flags,
    showing,
    ({ signal, listener }) => checkDreamBench(folder, { subjects, signal, listener }),
  );
  const { root, complete, findings } = result;
  const names = complete.map(({ name }) => name);
  if (flags.json) {
    const event = { type: 'dreambench', root, complete: names, findings };
    await terminal.answer(`${JSON.stringify(event)}\n`);
  } else {
    for (const line of findingLines(result)) await terminal.answer(`${line}\n`);
    await terminal.answer(`${root}: ${formatPlural(names.length, 'subject')} complete\n`);
  }
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

async function fetchPictures(
  terminal: Terminal,
  { out, subjects, ...flags }: OutputFlags & FetchOptions,
): Promise<void> {
  const showing = { stopping: 'stopping; what has arrived is kept ...', show: showFetch };
  const fetched = await shownWork<FetchEvent, Fetched>(
    terminal,
    flags,
    showing,
    ({ hub, signal, listener }) => fetchDreamBench({ out, subjects }, { hub, signal, listener }),
  );
  if (flags.json) {
    terminal.out(`${JSON.stringify({ type: 'fetched', ...fetched })}\n`);
    return;
  }
  const { root, written, there, source } = fetched;
  const from = source === undefined ? '' : ` from ${source}`;
  const already = there.length === 0 ? '' : `, ${there.length} there already`;
  terminal.out(`${root}: ${formatPlural(written.length, 'subject')}${from}${already}\n`);
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

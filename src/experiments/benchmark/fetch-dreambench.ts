/** @file Fetches the pictures of DreamBench from the hub: into its cache, and from there whole subjects into a folder. */
import { DataError, invariant } from '../../base/errors.ts';
import type { Listener } from '../../base/listener.ts';
import { basename, join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { makeFolder } from '../../storage/files/atomic-folder.ts';
import { copyOfFile } from '../../storage/files/copied-file.ts';
import { createFolder, namesIn } from '../../storage/files/folders.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import { parseHubName } from '../../storage/hub/hub-name.ts';
import { openHubDataset } from '../../storage/hub/snapshot.ts';
import { type CheckEvent, checkDreamBench, type DreamBenchCheck } from './check-dreambench.ts';
import { chosenSubjects } from './chosen-subjects.ts';
import { type DreamBench, type DreamBenchSubject, readDreamBench } from './dreambench.ts';
import { findingLines } from './dreambench-findings.ts';
import { phraseOf } from './protocol.ts';
import type { SubjectEntries } from './subjects-file.ts';

export interface FetchOptions {
  /** A folder to make, or one that has some of the subjects already. */
  readonly out: string;
  /** Names of those wanted. @default all */
  readonly subjects?: readonly string[] | undefined;
}

export type FetchEvent =
  | CheckEvent
  | {
      readonly type: 'written';
      readonly subject: string;
      readonly folder: string;
      readonly pictures: number;
    };

export interface FetchHost {
  readonly hub?: HubHost | undefined;
  readonly listener?: Listener<FetchEvent> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Fetched {
  /** Where the subjects' folders are. */
  readonly root: string;
  /** Names of the subjects that were written, and of those that were there. */
  readonly written: readonly string[];
  readonly there: readonly string[];
  /** `owner/name@<commit>`; undefined where nothing was to be fetched. */
  readonly source: string | undefined;
}

/**
 * Writes `<out>/<subject>/00.jpg`, ... byte for byte as published, each subject whole or not at all; what is there and
 * complete is left alone. Beside them subjects.json and prompts.json, as `krona evaluate` and openBenchmark() read them.
 *
 * @throws ConfigError SUBJECT_UNKNOWN
 * @throws DataError DREAMBENCH_HALF where a subject is there and not complete: nothing is written over
 * @throws DataError HUB_INCOMPLETE where the hub has not what it should; else as openHubDataset
 */
export async function fetchDreamBench(
  { out, subjects }: FetchOptions,
  { hub = {}, listener, signal }: FetchHost = {},
): Promise<Fetched> {
  const bench = await readDreamBench();
  const wanted = chosenSubjects(bench.subjects, subjects, 'dreambench');
  const check = await checkDreamBench(out, { subjects, listener, signal });
  requireWholeSubjects(check, out);
  const there = new Set(check.complete.map(({ name }) => name));
  const lacking = wanted.filter(({ name }) => !there.has(name));
  const source = lacking.length === 0 ? undefined : await openPictures(bench, lacking, hub);
  for (const { name } of lacking) {
    signal?.throwIfAborted();
    const folder = join(check.root, name);
    const files = source?.files.get(name) ?? [];
    await makeFolder(folder, async (temporary) => {
      for (const file of files) await copyOfFile(file, join(temporary, basename(file)));
    });
    listener?.({ type: 'written', subject: name, folder, pictures: files.length });
  }
  await writeLists(check.root, bench, lacking.length > 0);
  const written = lacking.map(({ name }) => name);
  return { root: check.root, written, there: [...there], source: source?.name };
}

/** Refuses subjects that are half there, before anything is downloaded. An empty folder is none. */
function requireWholeSubjects(check: DreamBenchCheck, out: string): void {
  const findings = check.findings.filter((finding) => {
    if (finding.kind === 'wrong number of pictures') return finding.found > 0;
    return finding.kind === 'unreadable picture';
  });
  if (findings.length === 0) return;
  throw new DataError(
    'DREAMBENCH_HALF',
    [
      `${out}: expected every subject whole or not at all, found some that are neither; nothing is written over: move these folders away and fetch again`,
      ...findingLines({ ...check, findings }),
    ].join('\n  '),
  );
}

interface Source {
  readonly name: string;
  /** In the hub's cache, by subject. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

async function openPictures(
  bench: DreamBench,
  subjects: readonly DreamBenchSubject[],
  host: HubHost,
): Promise<Source> {
  const hubName = parseHubName(bench.pictures.hub);
  invariant(hubName !== undefined, `${bench.pictures.hub} is no name of the hub`);
  const files = new Map<string, readonly string[]>();
  const { folder, name } = await openHubDataset(hubName, host, (available, where) => {
    for (const subject of subjects) {
      files.set(subject.name, publishedPictures(available, where, subject));
    }
    return [...files.values()].flat();
  });
  return {
    name,
    files: new Map(
      [...files].map(([subject, paths]) => [subject, paths.map((path) => join(folder, path))]),
    ),
  };
}

/** Paths of a subject's pictures in the repository: `dataset/dog/00.jpg`, in mirrors also `dog/00.jpg`. */
function publishedPictures(
  available: readonly string[],
  where: string,
  { name, pictures }: DreamBenchSubject,
): readonly string[] {
  const picture = /^[\w-]+\.(?:jpe?g|png|webp)$/i;
  const within = (folder: string) =>
    available.filter((path) => path.startsWith(folder) && picture.test(path.slice(folder.length)));
  const inDataset = within(`dataset/${name}/`);
  const found = inDataset.length > 0 ? inDataset : within(`${name}/`);
  if (found.length === pictures) return [...found].sort();
  throw new DataError(
    'HUB_INCOMPLETE',
    `${where}: expected ${pictures} pictures in dataset/${name}, found ${found.length}; what is published has changed: take the pictures from another copy and have it checked`,
  );
}

/** Lists the subjects that are there now, and the prompts. */
async function writeLists(root: string, bench: DreamBench, isNew: boolean): Promise<void> {
  const names = await namesIn(root);
  if (!isNew && names.includes('subjects.json') && names.includes('prompts.json')) return;
  const subjects: SubjectEntries = bench.subjects
    .filter(({ name }) => names.includes(name))
    .map(({ name, className, type }) => {
      return { name, class: className, type, subject: phraseOf(className), images: name };
    });
  await createFolder(root);
  await writeFileAtomic(join(root, 'subjects.json'), `${JSON.stringify(subjects, null, 1)}\n`);
  await writeFileAtomic(join(root, 'prompts.json'), `${JSON.stringify(bench.prompts, null, 1)}\n`);
}

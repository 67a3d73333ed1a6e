/** @file Checks a copy of DreamBench's pictures: what lacks, what is too much, what cannot be read. */
import { DataError, SystemError } from '../../base/errors.ts';
import type { Listener } from '../../base/listener.ts';
import { decodeImage } from '../../data/image.ts';
import { join } from '../../platform/paths.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { chosenSubjects } from './chosen-subjects.ts';
import { type DreamBenchSubject, readDreamBench } from './dreambench.ts';
import { pictureFiles } from './picture-files.ts';

/** One thing that is not as it should be. */
export type DreamBenchFinding =
  | { readonly kind: 'subject missing'; readonly subject: string; readonly folder: string }
  | {
      readonly kind: 'wrong number of pictures';
      readonly subject: string;
      readonly folder: string;
      readonly expected: number;
      readonly found: number;
    }
  | {
      readonly kind: 'unreadable picture';
      readonly subject: string;
      readonly file: string;
      /** Names the file too. */
      readonly reason: string;
    }
  /** Harmless, unless it is a subject with its name misspelt. */
  | { readonly kind: 'extra folder'; readonly folder: string; readonly name: string };

/** A subject whose pictures are all there. */
export interface CompleteSubject extends DreamBenchSubject {
  readonly images: readonly string[];
}

export interface DreamBenchCheck {
  /** Where the subjects' folders are: the folder given, or `dataset` in it as in the published repository. */
  readonly root: string;
  readonly complete: readonly CompleteSubject[];
  readonly findings: readonly DreamBenchFinding[];
}

export interface CheckEvent {
  readonly type: 'checked';
  readonly subject: string;
  readonly done: number;
  readonly total: number;
}

export interface CheckOptions {
  /** Names of those wanted. @default all */
  readonly subjects?: readonly string[] | undefined;
  /** Whether every picture is decoded. @default true */
  readonly decode?: boolean | undefined;
  readonly listener?: Listener<CheckEvent> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks at a copy in the layout `DIR/<subject>/*.jpg` or `DIR/dataset/<subject>/*.jpg`; changes nothing.
 *
 * @throws ConfigError SUBJECT_UNKNOWN; SystemError where a folder cannot be read
 */
export async function checkDreamBench(
  folder: string,
  { subjects, decode = true, listener, signal }: CheckOptions = {},
): Promise<DreamBenchCheck> {
  const all = (await readDreamBench()).subjects;
  const wanted = chosenSubjects(all, subjects, 'dreambench');
  const known = new Set(all.map(({ name }) => name));
  const root = await rootOf(folder, known);
  const complete: CompleteSubject[] = [];
  const findings: DreamBenchFinding[] = [];
  for (const [i, subject] of wanted.entries()) {
    signal?.throwIfAborted();
    const place = join(root, subject.name);
    const images = await picturesOf(place);
    const found = defectsOf(subject, place, images);
    if (decode) found.push(...(await unreadable(subject.name, images ?? [])));
    if (found.length === 0) complete.push({ ...subject, images: images ?? [] });
    findings.push(...found);
    listener?.({ type: 'checked', subject: subject.name, done: i + 1, total: wanted.length });
  }
  return { root, complete, findings: [...findings, ...(await extraFolders(root, known))] };
}

/** The folder that holds subjects' folders; the outer one where neither does. */
async function rootOf(folder: string, known: ReadonlySet<string>): Promise<string> {
  const names = await namesIn(folder);
  if (names.some((name) => known.has(name)) || !names.includes('dataset')) return folder;
  return join(folder, 'dataset');
}

/** Files of a folder's pictures; undefined where there is no such folder. */
async function picturesOf(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await pictureFiles(folder);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return error.code === 'NO_IMAGES' ? [] : undefined;
  }
}

function defectsOf(
  { name: subject, pictures: expected }: DreamBenchSubject,
  folder: string,
  images: readonly string[] | undefined,
): DreamBenchFinding[] {
  if (images === undefined) return [{ kind: 'subject missing', subject, folder }];
  const found = images.length;
  if (found === expected) return [];
  return [{ kind: 'wrong number of pictures', subject, folder, expected, found }];
}

async function unreadable(
  subject: string,
  images: readonly string[],
): Promise<DreamBenchFinding[]> {
  const findings: DreamBenchFinding[] = [];
  for (const file of images) {
    try {
      await decodeImage(await readBytes(file), file);
    } catch (error) {
      // A link to nothing, or no permission, is as good as damaged.
      if (!(error instanceof DataError || error instanceof SystemError)) throw error;
      findings.push({ kind: 'unreadable picture', subject, file, reason: error.message });
    }
  }
  return findings;
}

async function extraFolders(
  root: string,
  known: ReadonlySet<string>,
): Promise<readonly DreamBenchFinding[]> {
  const findings: DreamBenchFinding[] = [];
  for (const name of await namesIn(root)) {
    if (known.has(name) || name.startsWith('.')) continue;
    const folder = join(root, name);
    // Files may lie there: the published repository has its licences beside the subjects.
    if ((await picturesOf(folder)) !== undefined) {
      findings.push({ kind: 'extra folder', folder, name });
    }
  }
  return findings;
}

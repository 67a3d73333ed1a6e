/** @file The real pictures of a subject as a training takes them: a folder with the first so many. */
import { RunError } from '../../../base/errors.ts';
import { createHash } from '../../../platform/hashes.ts';
import { basename, join } from '../../../platform/paths.ts';
import { writeFolderAtomic } from '../../../storage/files/atomic-folder.ts';
import { readBytes } from '../../../storage/files/binary-file.ts';
import { namesIn } from '../../../storage/files/folders.ts';
import { pathInside } from '../../../storage/files/path-inside.ts';
import type { BenchmarkSubject } from '../../benchmark/benchmark.ts';
import type { TaskSubject } from '../work/worker-protocol.ts';

/** Hash of the bytes of a subject's pictures, in order. */
export async function picturesFingerprint({ images }: BenchmarkSubject): Promise<string> {
  const hash = createHash('sha256');
  for (const path of images) {
    const bytes = await readBytes(path);
    hash.update(`${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * Refuses pictures that are not those the sweep was planned with.
 *
 * @throws RunError SUBJECT_DIFFERS
 */
export async function requireSamePictures(
  subject: BenchmarkSubject,
  task: TaskSubject,
): Promise<void> {
  if ((await picturesFingerprint(subject)) === task.fingerprint) return;
  throw new RunError(
    'SUBJECT_DIFFERS',
    `${subject.name}: the pictures here are not those that the sweep was begun with, its numbers could not be compared; give every worker the same copy of ${task.benchmark}`,
  );
}

/** A folder with the first `shots` pictures of a subject, made where it is not there. */
export async function trainingFolder(
  { images }: BenchmarkSubject,
  { fingerprint, name }: TaskSubject,
  { shots = images.length, work }: { readonly shots: number | undefined; readonly work: string },
): Promise<string> {
  const place = `${name}-${fingerprint}-${shots}`;
  const folder = pathInside(join(work, 'subjects'), place, 'subject');
  if ((await namesIn(folder)).length > 0) return folder;
  const files = new Map<string, Uint8Array>();
  for (const path of images.slice(0, shots)) files.set(basename(path), await readBytes(path));
  await writeFolderAtomic(folder, files);
  return folder;
}

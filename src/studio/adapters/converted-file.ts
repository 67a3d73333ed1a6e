/** @file An adapter in another format as one file in a folder of its own, from where it is downloaded. */
import { type Converted, convert } from '../../api/converting.ts';
import type { Listener, NoteEvent } from '../../base/listener.ts';
import { required } from '../../base/required.ts';
import { summarizeErrors } from '../../convert/error-summary.ts';
import { inspectAdapter } from '../../inspect/adapter-inspection.ts';
import { namesOf } from '../../inspect/adapter-loaders.ts';
import { openAdapter } from '../../pipeline/adapters/adapter-file.ts';
import { rename, stat } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { writeNewFile } from '../../storage/files/atomic-file.ts';
import { makeFolder } from '../../storage/files/atomic-folder.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { filesUnder } from '../../storage/files/files-under.ts';
import { removeFolder } from '../../storage/files/folders.ts';
import { zipArchive } from '../../storage/zip-archive.ts';
import type { MadeFile } from '../interface/adapter-operations.ts';
import type { AdapterQuestion } from './adapter-question.ts';

interface Surroundings {
  readonly listener: Listener<NoteEvent | { readonly type: string }>;
  readonly signal: AbortSignal;
}

type Made = Omit<MadeFile, 'download' | 'notes'>;

/** Formats of several files, mostly. */
const severalFiles: readonly string[] = ['peft', 'textual-inversion'];

/**
 * Converts, and leaves a folder with one file: an archive where the format has several.
 *
 * @throws as `convert`; then nothing is left behind
 */
export async function convertedFile(
  { path, settings, folder, stem }: AdapterQuestion<'convert'>,
  host: Surroundings,
): Promise<Made> {
  let made: Made | undefined;
  await makeFolder(folder, async (inside) => {
    const isFolder = severalFiles.includes(settings.to);
    const out = join(inside, isFolder ? 'converted' : `${stem}.safetensors`);
    const converted = await convert({ adapter: path, out, ...settings }, host);
    const loads = await loadersOf(out, converted);
    const name = isFolder ? await asOneFile(inside, stem) : `${stem}.safetensors`;
    const { size: bytes } = await stat(join(inside, name));
    const { methods, errors } = converted;
    made = { name, bytes, methods, loads, errors: errors && summarizeErrors(errors) };
  });
  if (made === undefined) throw new Error('internal: a folder that was made was filled');
  return made;
}

/** Programs that load what was written, found in what was written. */
async function loadersOf(out: string, { paths }: Converted): Promise<readonly string[]> {
  const path = paths.length === 1 ? required(paths, 0) : out;
  const inspection = await inspectAdapter(path, await openAdapter(path));
  if (inspection?.kind !== 'adapter') return [];
  return inspection.format === 'krona' ? ['krona'] : namesOf(inspection.loads);
}

/** The folder `converted` as its only file, or as an archive; its name. */
async function asOneFile(inside: string, stem: string): Promise<string> {
  const folder = join(inside, 'converted');
  const names = await filesUnder(folder);
  const [first = '', ...others] = names;
  if (others.length === 0) {
    const name = `${stem}.safetensors`;
    await rename(join(folder, first), join(inside, name));
    await removeFolder(folder);
    return name;
  }
  const files = new Map<string, Uint8Array>();
  for (const name of names) files.set(name, await readBytes(join(folder, name)));
  await writeNewFile(join(inside, `${stem}.zip`), zipArchive(files));
  await removeFolder(folder);
  return `${stem}.zip`;
}

/** @file What a file or folder is, whether it is sound, what is in it. */
import { KronaError, SystemError } from '../base/errors.ts';
import { listImageFolder } from '../data/image-folder.ts';
import { describeMistakenFile } from '../formats/mistaken-file.ts';
import { openAdapter } from '../pipeline/adapters/adapter-file.ts';
import { openKnownBase } from '../pipeline/base/known-base.ts';
import { extname, join } from '../platform/paths.ts';
import { readBytes } from '../storage/files/binary-file.ts';
import { reading, withFile } from '../storage/files/file-range.ts';
import { namesIn } from '../storage/files/folders.ts';
import { readJson } from '../storage/files/json-file.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { kindOfPath } from '../storage/path-kind.ts';
import { isTensorFileName } from '../storage/weights/tensor-file.ts';
import { inspectAdapter } from './adapter-inspection.ts';
import type {
  FileInspection,
  FolderInspection,
  Inspection,
  JsonInspection,
  PicturesInspection,
} from './inspection.ts';
import { inspectModel, inspectModelPart } from './model-inspection.ts';
import { inspectPicture, isPicture } from './picture-inspection.ts';
import { inspectRun } from './run-inspection.ts';
import { inspectTensorFile } from './tensor-file-inspection.ts';

/** What to inspect. */
export interface InspectOptions {
  /** A run, a model folder, a file of tensors, a picture, or anything else. */
  readonly path: string;
  /** Base to read an adapter for, where it fits none of the known ones. */
  readonly base?: string | undefined;
}

/** Surroundings of an inspection. */
export interface InspectHost {
  /** Milliseconds since 1970 began: whether another machine that works on a run still shows signs of life. */
  readonly now: () => number;
  readonly hub?: HubHost | undefined;
}

/**
 * Inspects whatever is at a path.
 *
 * @throws KronaError where there is nothing, or what is there is broken, or the base is not there
 */
export async function inspect(
  { path, base }: InspectOptions,
  { now, hub }: InspectHost,
): Promise<Inspection> {
  // Whatever lies at the path: a base that is not there was meant to be.
  if (base !== undefined) await openKnownBase(base, hub);
  switch (await kindOfPath(path)) {
    case 'folder':
      return await inspectFolder(path, base, now());
    case 'file':
      return await inspectFile(path, base);
    case 'nothing':
      throw new SystemError('FILE_NOT_FOUND', `${path}: there is no such file or folder`);
    default:
      throw new SystemError('NOT_A_FILE', `${path}: neither a file nor a folder`);
  }
}

async function inspectFolder(
  path: string,
  base: string | undefined,
  now: number,
): Promise<Inspection> {
  const names = await namesIn(path);
  if (names.includes('run.json')) return await inspectRun(path, now);
  if (names.includes('model_index.json')) return await inspectModel(path);
  if (names.includes('config.json')) return await inspectModelPart(path);
  // Of PEFT or diffusers.
  const opened = await openAdapter(path).catch(unlessKrona);
  const adapter = opened && (await inspectAdapter(path, opened, base));
  if (adapter !== undefined) return adapter;
  const pictures = await listImageFolder(path).catch(() => undefined);
  return pictures === undefined ? folder(path, names) : pictureFolder(path, pictures);
}

function folder(path: string, names: readonly string[]): FolderInspection {
  return { kind: names.length === 0 ? 'empty folder' : 'folder', path, names, warnings: [] };
}

/** Undefined in place of an error of ours: what cannot be read is described otherwise. */
function unlessKrona(error: unknown): undefined {
  if (!(error instanceof KronaError)) throw error;
}

function pictureFolder(
  path: string,
  { names, skipped }: Awaited<ReturnType<typeof listImageFolder>>,
): PicturesInspection {
  const pictures = names.map((name) => join(path, name));
  const others = skipped.map(({ name, reason }) => ({ name, reason }));
  return { kind: 'pictures', path, pictures, skipped: others, warnings: [] };
}

async function inspectFile(path: string, base?: string): Promise<Inspection> {
  const start = await firstBytes(path);
  if (isPicture(start)) return await inspectPicture(path, await readBytes(path));
  if (extname(path) === '.safetensors') return await inspectTensorFile(path, base);
  if (isTensorFileName(path)) {
    const found = await inspectTensorFile(path, base).catch(unlessKrona);
    if (found !== undefined) return found;
  }
  if (isText(start)) {
    const json = await readJson(path, 'file').catch(() => undefined);
    if (typeof json === 'object' && json !== null) return jsonFile(path, json);
  }
  return otherFile(path, start);
}

function isText(start: Uint8Array): boolean {
  return (
    start.length > 0 && start.every((byte) => byte >= 0x20 || [0x09, 0x0a, 0x0d].includes(byte))
  );
}

function jsonFile(path: string, json: object): JsonInspection {
  return { kind: 'json', path, keys: Object.keys(json), warnings: [] };
}

function otherFile(path: string, firstBytes: Uint8Array): FileInspection {
  const looksLike = describeMistakenFile(firstBytes);
  return { kind: 'file', path, looksLike, firstBytes, warnings: [] };
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(16);
  const { bytesRead } = await reading(path, () =>
    withFile(path, (handle) => handle.read(bytes, 0, 16, 0)),
  );
  return bytes.subarray(0, bytesRead);
}

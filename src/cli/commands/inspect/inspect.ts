/** @file `krona inspect`: what is this file or folder, is it sound, what can be done with it? */

import { open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Command } from 'commander';
import { KronaError, SystemError } from '../../../base/errors.ts';
import { firstNames, formatPlural } from '../../../base/quantities.ts';
import { listImageFolder } from '../../../data/image-folder.ts';
import { describeMistakenFile } from '../../../formats/mistaken-file.ts';
import { openAdapter } from '../../../pipeline/adapters/adapter-file.ts';
import { openKnownBase } from '../../../pipeline/base/known-base.ts';
import { fileError } from '../../../storage/file-errors.ts';
import { readBytes } from '../../../storage/files/binary-file.ts';
import { namesIn } from '../../../storage/files/folders.ts';
import { readJson } from '../../../storage/files/json-file.ts';
import { kindOfPath } from '../../../storage/path-kind.ts';
import { isTensorFileName } from '../../../storage/weights/tensor-file.ts';
import { commandLine, trainingWords } from '../../shell/command-line.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { inspectAdapter } from './adapter-finding.ts';
import { type Finding, findingJson, findingText } from './finding.ts';
import { inspectModel, inspectModelPart } from './model-finding.ts';
import { inspectPicture, isPicture } from './picture-finding.ts';
import { inspectRun } from './run-finding.ts';
import { inspectTensorFile } from './tensor-file-finding.ts';

/** Names listed before the rest is counted. */
const mostShown = 8;

const examples = `
Examples:
  krona inspect runs/dog                        how far is it, how is the loss, how to go on
  krona inspect dog.safetensors                 method, base, words, size and health of each block, what loads it
  krona inspect models/my-sd                   parts, parameters, precision, prediction type
  krona inspect pictures/0001-seed0.png         the settings it was made with
  krona inspect downloaded.safetensors --json
`;

/** Gives the command its options and its action. */
export function addInspect(command: Command, terminal: Terminal): void {
  command
    .description(
      'Says what a file or folder is, whether it is sound, and what can be done with it.',
    )
    .argument('<path>', 'a run, a model folder, a .safetensors file, a picture, ...')
    .option('--base <base>', 'read an adapter for this base, where it fits none of the known ones')
    .option('--json', 'the findings as JSON on standard output')
    .addHelpText('after', examples)
    .action(async (path: string, { json, base }: { json?: true; base?: string }) => {
      const finding = await inspect(path, base);
      await terminal.answer((json ? findingJson : findingText)(path, finding));
    });
}

/**
 * Inspects whatever is at a path.
 *
 * @param base to read an adapter for
 * @throws KronaError where there is nothing, or what is there is broken, or the base is not there
 */
export async function inspect(path: string, base?: string): Promise<Finding> {
  // Whatever lies at the path: a base that is not there was meant to be.
  if (base !== undefined) await openKnownBase(base);
  switch (await kindOfPath(path)) {
    case 'folder':
      return await inspectFolder(path, base);
    case 'file':
      return await inspectFile(path, base);
    case 'nothing':
      throw new SystemError('FILE_NOT_FOUND', `${path}: there is no such file or folder`);
    default:
      throw new SystemError('NOT_A_FILE', `${path}: neither a file nor a folder`);
  }
}

async function inspectFolder(path: string, base?: string): Promise<Finding> {
  const names = await namesIn(path);
  if (names.includes('run.json')) return await inspectRun(path);
  if (names.includes('model_index.json')) return await inspectModel(path);
  if (names.includes('config.json')) return await inspectModelPart(path);
  const adapter = await adapterFolder(path, base);
  if (adapter !== undefined) return adapter;
  const pictures = await listImageFolder(path).catch(() => undefined);
  if (pictures !== undefined) return pictureFolder(path, pictures);
  const title = names.length === 0 ? 'an empty folder' : 'a folder of none of the kinds known here';
  return {
    kind: names.length === 0 ? 'empty folder' : 'folder',
    title,
    facts: names.length === 0 ? [] : [['holds', firstNames(names, mostShown)]],
    details: { names },
  };
}

/** Of PEFT or diffusers; undefined where a folder is neither. */
async function adapterFolder(path: string, base?: string): Promise<Finding | undefined> {
  const opened = await openAdapter(path).catch(unlessKrona);
  return opened && (await inspectAdapter(path, opened, base));
}

/** Undefined in place of an error of ours: what cannot be read is described otherwise. */
function unlessKrona(error: unknown): undefined {
  if (!(error instanceof KronaError)) throw error;
}

function pictureFolder(
  path: string,
  { names, skipped }: Awaited<ReturnType<typeof listImageFolder>>,
): Finding {
  return {
    kind: 'pictures',
    title: `a folder with ${formatPlural(names.length, 'picture')}`,
    facts: [
      ['pictures', firstNames(names, mostShown)],
      ...skipped
        .slice(0, mostShown)
        .map(({ name, reason }) => ['skipped', `${name}: ${reason}`] as const),
      ...(skipped.length > mostShown
        ? [['skipped', `${skipped.length - mostShown} more`] as const]
        : []),
    ],
    details: { pictures: names.map((name) => join(path, name)), skipped },
    next: [`train on it: ${commandLine('train', ...trainingWords(path))}`],
  };
}

async function inspectFile(path: string, base?: string): Promise<Finding> {
  const start = await firstBytes(path);
  if (isPicture(start)) return await inspectPicture(path, await readBytes(path));
  if (extname(path) === '.safetensors') return await inspectTensorFile(path, base);
  if (isTensorFileName(path)) {
    const found = await inspectTensorFile(path, base).catch(unlessKrona);
    if (found !== undefined) return found;
  }
  if (isText(start)) {
    const json = await readJson(path, 'file').catch(() => undefined);
    if (typeof json === 'object' && json !== null) return jsonFile(json);
  }
  const mistaken = describeMistakenFile(start);
  return {
    kind: 'file',
    title: mistaken ?? 'a file of none of the kinds known here',
    facts: [['first bytes', Buffer.from(start.subarray(0, 16)).toString('hex')]],
    details: {},
  };
}

function isText(start: Uint8Array): boolean {
  return (
    start.length > 0 && start.every((byte) => byte >= 0x20 || [0x09, 0x0a, 0x0d].includes(byte))
  );
}

function jsonFile(json: object): Finding {
  const keys = Object.keys(json);
  return {
    kind: 'json',
    title: 'a JSON file',
    facts: [['keys', firstNames(keys, mostShown)]],
    details: { keys },
  };
}

async function firstBytes(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(16), 0, 16, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw fileError('read', path, cause);
  }
}

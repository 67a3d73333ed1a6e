/** @file What only pages need of the package, beside its functions: where files are served, and files in and out. */
import type { Environment } from '../base/environment.ts';
import {
  giveFile,
  givenPath,
  locatePackageFiles,
  takeBack,
} from '../platform/browser/file-system/given-files.ts';
import { agreeContents } from '../platform/browser/file-system/space.ts';
import { blobOf } from '../platform/browser/files.ts';
import { setEnvironment } from '../platform/browser/machine.ts';
import { locateRuntimeFiles } from '../platform/browser/onnx/runtime-build.ts';
import { dirname, join } from '../platform/browser/paths.ts';
import { startProgramsBy } from '../platform/browser/processes/worker-process.ts';
import { replaceFile } from '../storage/files/atomic-file.ts';
import { createFolder } from '../storage/files/folders.ts';

export interface BrowserSetup {
  /**
   * Finds the address of a file of this package, such as `models/pocket/unet/config.json`.
   *
   * @default beside its modules, where they are served as they are installed
   */
  readonly packageFiles?: (path: string) => string;
  /**
   * Finds the address of a file of onnxruntime-web, such as `ort-wasm-simd-threaded.wasm`. Only with it can a page
   * that is isolated compute with several threads.
   *
   * @default where the bundler put it
   */
  readonly runtimeFiles?: (name: string) => string;
  /**
   * Makes the worker of a program of this package, called `name`; only a bundler knows where each lies.
   *
   * @default none: what wants processes of its own, such as the `workers` of a sweep, fails
   */
  readonly startProgram?: (program: string, name: string) => Worker;
  /**
   * What the environment of a process would say: where models of the hub come from (`HF_ENDPOINT`), and with which token
   * (`HF_TOKEN`). Whoever may read the page's memory may read a token: ask a person for their own.
   *
   * @default nothing: huggingface.co, without a token
   */
  readonly environment?: Environment;
}

/**
 * Says where a page serves files, before anything else is called in its worker.
 *
 * @example
 * ```ts
 * setUpBrowser({ packageFiles: (path) => `/krona/${path}`, runtimeFiles: (name) => `/ort/${name}` });
 * ```
 */
export function setUpBrowser(setup: BrowserSetup): void {
  const { packageFiles, runtimeFiles, startProgram, environment } = setup;
  if (packageFiles !== undefined) locatePackageFiles(packageFiles);
  if (runtimeFiles !== undefined) locateRuntimeFiles(runtimeFiles);
  if (startProgram !== undefined) startProgramsBy(startProgram);
  if (environment !== undefined) setEnvironment(environment);
  agreed = agreeContents();
  // Who asks for lost files is told.
  agreed.catch(() => {});
}

let agreed: Promise<readonly string[]> | undefined;

/**
 * Paths of files that this page kept and whose content the browser has removed since, as it may where space is short or a
 * person asks it to. They are free again: a model is downloaded anew, and a run without its checkpoints begins again.
 *
 * A browser mostly removes everything of a page at once, names too, and then nothing is known here: a page that writes a
 * cookie when it begins to keep files knows it from finding them gone.
 */
export async function lostFiles(): Promise<readonly string[]> {
  agreed ??= agreeContents();
  return await agreed;
}

/** A file, the files of an `<input type=file>` or of a drop, or a folder that a person has opened. */
export type FileSource = Blob | Iterable<File> | FileSystemDirectoryHandle;

/**
 * Makes files readable by the functions of this package, for as long as the worker lives. Nothing is copied.
 *
 * @param name of the file or folder, as it is shown in messages: `my-dog`, `model.safetensors`
 * @returns the path to give them: as `images`, `base`, `adapter`
 * @example
 * ```ts
 * const images = await giveFiles('my-dog', input.files);
 * await train({ images, subject: 'sks dog', out: '/runs/dog' });
 * ```
 */
export async function giveFiles(name: string, source: FileSource): Promise<string> {
  const path = givenPath(name);
  takeBack(path);
  for await (const [place, blob] of filesOf(source)) giveFile(join(path, place), blob);
  return path;
}

/**
 * Copies files to where the page keeps its own, for what goes on to be written to: the folder of a run to go on with.
 *
 * @throws SystemError DISK_FULL
 */
export async function storeFiles(path: string, source: FileSource): Promise<void> {
  for await (const [place, blob] of filesOf(source)) {
    const file = join(path, place);
    await createFolder(dirname(file));
    await replaceFile(file, async (handle) => {
      for await (const part of blob.stream()) await handle.writeFile(part);
    });
  }
}

export { storeUrl, type UrlHost } from './stored-url.ts';

/** Files by their path below what was chosen; empty of a single one. */
async function* filesOf(source: FileSource): AsyncGenerator<[string, Blob]> {
  if (source instanceof Blob) yield ['', source];
  else if (source instanceof FileSystemDirectoryHandle) yield* filesBelow(source);
  else for (const file of source) yield [pathOf(file), file];
}

/** Of a folder that was chosen whole, what lies below it keeps its path. */
function pathOf({ name, webkitRelativePath }: File): string {
  const below = webkitRelativePath.split('/').slice(1).join('/');
  return below === '' ? name : below;
}

async function* filesBelow(folder: FileSystemDirectoryHandle): AsyncGenerator<[string, Blob]> {
  for await (const [name, handle] of folder.entries()) {
    if (handle instanceof FileSystemFileHandle) yield [name, await handle.getFile()];
    else if (handle instanceof FileSystemDirectoryHandle) {
      for await (const [below, blob] of filesBelow(handle)) yield [join(name, below), blob];
    }
  }
}

/**
 * A file that a function has written, to be shown or saved.
 *
 * @example
 * ```ts
 * const { adapter } = await train(options);
 * const link = URL.createObjectURL(await fileBlob(adapter));
 * ```
 */
export async function fileBlob(path: string): Promise<Blob> {
  return await blobOf(path);
}

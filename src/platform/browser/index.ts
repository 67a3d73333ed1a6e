/** @file What only pages need of the package, beside its functions: where files are served, and files in and out. */
import { blobOf } from './files.ts';
import { giveFile, givenPath, locatePackageFiles, takeBack } from './given-files.ts';
import { locateRuntimeFiles } from './runtime-build.ts';

export interface BrowserSetup {
  /**
   * Finds the address of a file of this package, such as `models/pocket/unet/config.json`.
   *
   * @default beside its modules, where they are served as they are installed
   */
  readonly packageFiles?: (path: string) => string;
  /**
   * Finds the address of a file of onnxruntime-web, such as `ort-wasm-simd-threaded.jspi.wasm`. Only with it can a page
   * that is isolated compute with several threads.
   *
   * @default where the bundler put it
   */
  readonly runtimeFiles?: (name: string) => string;
}

/**
 * Says where a page serves files, before anything else is called in its worker.
 *
 * @example
 * ```ts
 * setUpBrowser({ packageFiles: (path) => `/krona/${path}`, runtimeFiles: (name) => `/ort/${name}` });
 * ```
 */
export function setUpBrowser({ packageFiles, runtimeFiles }: BrowserSetup): void {
  if (packageFiles !== undefined) locatePackageFiles(packageFiles);
  if (runtimeFiles !== undefined) locateRuntimeFiles(runtimeFiles);
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
  if (source instanceof Blob) giveFile(path, source);
  else if (source instanceof FileSystemDirectoryHandle) await giveFolder(path, source);
  else for (const file of source) giveFile(`${path}/${pathOf(file)}`, file);
  return path;
}

/** Of a folder that was chosen whole, what lies below it keeps its path. */
function pathOf({ name, webkitRelativePath }: File): string {
  const below = webkitRelativePath.split('/').slice(1).join('/');
  return below === '' ? name : below;
}

async function giveFolder(path: string, folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const [name, handle] of folder.entries()) {
    if (handle instanceof FileSystemDirectoryHandle) await giveFolder(`${path}/${name}`, handle);
    else if (handle instanceof FileSystemFileHandle) {
      giveFile(`${path}/${name}`, await handle.getFile());
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

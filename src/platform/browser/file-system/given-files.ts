/** @file Files that are not kept here: those of the package, and those that a page was given. They are only read. */
import { SystemError } from '../../../base/errors.ts';
import { join, packageFolder } from '../paths.ts';

/** Gets the bytes when they are first read. */
interface Given {
  readonly size: number;
  readonly modified: number;
  readonly blob: () => Promise<Blob>;
}

const given = new Map<string, Given>();

/**
 * Makes a blob readable under a path, for as long as this worker lives.
 *
 * @param path absolute
 */
export function giveFile(path: string, blob: Blob): void {
  const modified = blob instanceof File ? blob.lastModified : 0;
  given.set(path, { size: blob.size, modified, blob: async () => blob });
}

/** Forgets a file or folder that was given. */
export function takeBack(path: string): void {
  for (const known of given.keys()) {
    if (known === path || known.startsWith(`${path}/`)) given.delete(known);
  }
}

/** Where the files of the package are, once asked for; sizes by path in the package. */
let listing: Promise<void> | undefined;
/** Where what a page gave is found. */
const givenFolder = '/given';
const parents: readonly string[] = [packageFolder, givenFolder];

/** The path of a file that a page gives. */
export function givenPath(name: string): string {
  return join(givenFolder, name);
}

/** A given file; undefined where none has the path. */
export async function givenFile(path: string): Promise<Given | undefined> {
  await listed(path);
  return given.get(path);
}

/** Paths of the given files below a folder; undefined where it is no such folder. */
export async function givenBelow(folder: string): Promise<string[] | undefined> {
  await listed(folder);
  const paths = [...given.keys()].filter((path) => path.startsWith(`${folder}/`));
  return paths.length > 0 || parents.includes(folder) ? paths.sort() : undefined;
}

/** Whether a path is in a place where nothing can be written. */
export function isGivenPlace(path: string): boolean {
  return parents.some((parent) => path === parent || path.startsWith(`${parent}/`));
}

/** Finds the address of a file of the package by its path, such as `models/pocket/unet/config.json`. */
let locate = (path: string): string =>
  // The place of this package, where it is served as it is.
  new URL(/* @vite-ignore */ `../../../../${path}`, import.meta.url).href;

/** Says where the files of the package are served, where that is not beside its modules. */
export function locatePackageFiles(locator: (path: string) => string): void {
  locate = locator;
  listing = undefined;
}

async function listed(path: string): Promise<void> {
  if (path !== packageFolder && !path.startsWith(`${packageFolder}/`)) return;
  listing ??= listPackage().catch((error: unknown) => {
    // A host that does not answer now may later.
    listing = undefined;
    throw error;
  });
  await listing;
}

async function listPackage(): Promise<void> {
  const answer = await fetched('models/files.json');
  const sizes: Readonly<Record<string, number>> = await answer.json();
  for (const [path, size] of Object.entries(sizes)) {
    let blob: Promise<Blob> | undefined;
    const fetchBlob = () => fetched(path).then((found) => found.blob());
    given.set(`${packageFolder}/${path}`, {
      ...{ size, modified: 0 },
      blob: () => {
        blob ??= fetchBlob().catch((error: unknown) => {
          blob = undefined;
          throw error;
        });
        return blob;
      },
    });
  }
}

/** @throws SystemError NOT_SERVED */
async function fetched(path: string): Promise<Response> {
  const address = locate(path);
  const answer = await fetch(address).catch((cause: unknown) => {
    throw notServed(path, address, 'no answer', { cause });
  });
  if (!answer.ok) throw notServed(path, address, `status ${answer.status}`);
  // What some hosts send for all that they have not.
  const type = answer.headers.get('content-type') ?? '';
  if (type.startsWith('text/html')) throw notServed(path, address, 'a page');
  return answer;
}

function notServed(
  path: string,
  address: string,
  found: string,
  options?: ErrorOptions,
): SystemError {
  return new SystemError(
    'NOT_SERVED',
    `expected the file ${path} of this package at ${address}, got ${found}; serve the package's files, and say where they are by \`packageFiles\` of setUpBrowser()`,
    options,
  );
}

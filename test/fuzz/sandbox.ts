/** @file The folder a case runs in, and whether anything but its output folder was written. */
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Folders of one case; the working folder lies deep, so that a path that climbs out stays in sight. */
export class Sandbox {
  readonly root: string;
  /** Where the case's files lie. */
  readonly work: string;
  /** The only folder that may be written. */
  readonly out: string;
  #before: ReadonlyMap<string, string> = new Map();
  #given: ReadonlyMap<string, string> = new Map();

  constructor(root: string) {
    rmSync(root, { recursive: true, force: true });
    this.root = root;
    this.work = join(root, 'a', 'b', 'c', 'work');
    this.out = join(this.work, 'out');
    mkdirSync(this.out, { recursive: true });
  }

  write(name: string, content: Uint8Array | string): string {
    const path = join(this.work, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** A folder as it is, its large files as links. */
  mirror(source: string, name: string): string {
    const target = join(this.work, name);
    for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const copy = join(target, relative(source, path));
      mkdirSync(dirname(copy), { recursive: true });
      if (lstatSync(path).size > 65_536) symlinkSync(path, copy);
      else cpSync(path, copy);
    }
    return target;
  }

  /** Puts a changed file into the place of a mirrored one. */
  replace(path: string, content: Uint8Array | string): void {
    rmSync(path, { force: true });
    writeFileSync(path, content);
  }

  /** From here on, only `out` may change. */
  seal(): void {
    this.#before = this.#list();
    this.#given = statesOf(this.out, this.out);
  }

  /** Files of the output folder that were not there when the case began, or were other ones. */
  written(): readonly string[] {
    const now = statesOf(this.out, this.out);
    const changed = [...now].filter(([path, state]) => this.#given.get(path) !== state);
    return changed.filter(([, state]) => state !== folder).map(([path]) => join(this.out, path));
  }

  /** What was written beside the output folder since; paths within the sandbox. */
  strays(): readonly string[] {
    const after = this.#list();
    const changed = [...after].filter(([path, state]) => this.#before.get(path) !== state);
    const lost = [...this.#before.keys()].filter((path) => !after.has(path));
    return [...changed.map(([path]) => path), ...lost];
  }

  #list(): ReadonlyMap<string, string> {
    return statesOf(this.root, this.root, this.out);
  }
}

const folder = 'folder';

/** Size and time of every file in a folder, by its path from `root`. */
function statesOf(root: string, within: string, besides?: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(within, { withFileTypes: true })) {
    const path = join(within, entry.name);
    if (path === besides) continue;
    if (entry.isDirectory()) {
      found.set(relative(root, path), folder);
      for (const [name, state] of statesOf(root, path, besides)) found.set(name, state);
    } else {
      const { size, mtimeMs } = lstatSync(path);
      found.set(relative(root, path), `${size} ${mtimeMs}`);
    }
  }
  return found;
}

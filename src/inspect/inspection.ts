/** @file What an inspection may find: a value by its `kind`. */
import type { Skipped } from '../data/image-folder.ts';
import type { ModelFolderInspection, ModelPartInspection } from './model-inspection.ts';
import type { PictureInspection } from './picture-inspection.ts';
import type { RunInspection } from './run-inspection.ts';
import type { TensorFileInspection } from './tensor-file-inspection.ts';

/** A folder of pictures. */
export interface PicturesInspection {
  readonly kind: 'pictures';
  readonly path: string;
  /** Paths. */
  readonly pictures: readonly string[];
  /** Files that are none, and why. */
  readonly skipped: readonly Skipped[];
  readonly warnings: readonly string[];
}

/** A folder of none of the known kinds. */
export interface FolderInspection {
  readonly kind: 'folder' | 'empty folder';
  readonly path: string;
  readonly names: readonly string[];
  readonly warnings: readonly string[];
}

/** A JSON file with nothing known in it. */
export interface JsonInspection {
  readonly kind: 'json';
  readonly path: string;
  readonly keys: readonly string[];
  readonly warnings: readonly string[];
}

/** A file of none of the known kinds. */
export interface FileInspection {
  readonly kind: 'file';
  readonly path: string;
  /** What it seems to be: `a web page (HTML)`. */
  readonly looksLike: string | undefined;
  /** At most sixteen. */
  readonly firstBytes: Uint8Array;
  readonly warnings: readonly string[];
}

/** What is at a path. What is wrong with it is in `warnings`. */
export type Inspection =
  | TensorFileInspection
  | RunInspection
  | ModelFolderInspection
  | ModelPartInspection
  | PictureInspection
  | PicturesInspection
  | FolderInspection
  | JsonInspection
  | FileInspection;

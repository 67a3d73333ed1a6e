/** @file Settings that come from a page. It names no files of this machine: it sends ids, and names that lists of Studio have. */
import { ConfigError } from '../../base/errors.ts';
import { hubNameUnlessPath } from '../../storage/hub/local-first.ts';
import { isTensorFileName } from '../../storage/weights/tensor-file.ts';
import type { Settings } from '../interface/operation-shapes.ts';

/** Of training, what names files or folders. */
export const trainPaths = [
  ...['images', 'out', 'maskImages', 'priorImages', 'validationImages', 'init', 'concept'],
] as const;
/** Of generating, what names files or folders. */
export const generatePaths = [
  ...['run', 'adapter', 'prompts', 'wildcards', 'initImage', 'mask', 'out', 'subjectPicture'],
] as const;
/** Of both, what names a model. */
export const modelKeys = ['base', 'refiner'];

/**
 * Whether a page may name a model so: the bundled one, and those of the hub. A name of the hub that is a path too is
 * none, because a base is opened from the path then; nor is what cannot be looked for.
 */
export async function isPageModel(name: unknown): Promise<boolean> {
  if (name === 'pocket') return true;
  if (typeof name !== 'string' || isTensorFileName(name)) return false;
  return (await hubNameUnlessPath(name).catch(() => undefined)) !== undefined;
}

/**
 * Refuses settings that name files.
 *
 * @param paths settings whose values are files or folders
 * @throws ConfigError PATH_FROM_PAGE
 */
export function requireNoPaths(settings: Settings, paths: readonly string[]): void {
  const path = paths.find((key) => settings[key] !== undefined);
  if (path === undefined) return;
  throw fromPage(path, 'leave it out, or give what a list of Studio has');
}

/**
 * Refuses settings that name models otherwise than a page may.
 *
 * @param keys settings whose values are models
 * @throws ConfigError PATH_FROM_PAGE
 */
export async function requirePageModels(
  settings: Settings,
  keys: readonly string[] = modelKeys,
): Promise<void> {
  for (const key of keys) {
    if (settings[key] === undefined || (await isPageModel(settings[key]))) continue;
    throw fromPage(
      key,
      'give "pocket", the id of a model that is here, or owner/name of the hub, which must not be the path of a file or folder where Studio was started',
    );
  }
}

function fromPage(key: string, advice: string): ConfigError {
  return new ConfigError(
    'PATH_FROM_PAGE',
    `\`${key}\`: a page names no files of this machine; ${advice}`,
  );
}

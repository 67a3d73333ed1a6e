/** @file Settings that come from a page. It names no files of this machine: it sends ids, and names that lists of Studio have. */
import { ConfigError } from '../../base/errors.ts';
import { parseHubName } from '../../storage/hub/hub-name.ts';
import type { Settings } from '../interface/operation-shapes.ts';

/** Of training, what names files or folders. */
export const trainPaths = ['images', 'out', 'priorImages', 'init'] as const;
/** Of generating, what names files or folders. */
export const generatePaths = ['run', 'adapter', 'prompts', 'initImage', 'mask', 'out'] as const;
/** Of both, what names a model. */
const modelKeys = ['base', 'refiner'];

/** Whether a page may name a model so: the bundled one, and those of the hub. */
export function isPageModel(name: unknown): boolean {
  return name === 'pocket' || (typeof name === 'string' && parseHubName(name) !== undefined);
}

/** Which settings name what. */
interface Naming {
  /** Settings whose values are files or folders. */
  readonly paths: readonly string[];
  /** Settings whose values are models. @default those of training and generating */
  readonly models?: readonly string[];
}

/**
 * Refuses settings that name files.
 *
 * @throws ConfigError PATH_FROM_PAGE
 */
export function requireNoPaths(settings: Settings, { paths, models = modelKeys }: Naming): void {
  const isGiven = (key: string) => settings[key] !== undefined;
  const key =
    paths.find(isGiven) ?? models.find((model) => isGiven(model) && !isPageModel(settings[model]));
  if (key === undefined) return;
  throw new ConfigError(
    'PATH_FROM_PAGE',
    `\`${key}\`: a page names no files of this machine; leave it out, or give what a list of Studio has`,
  );
}

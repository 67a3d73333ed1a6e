/** @file What is known of base models without asking the network: the bundled one, and the published families. */
import type { Environment } from '../../base/environment.ts';
import { required } from '../../base/required.ts';
import { pocketFolder } from '../../data/pocket.ts';
import { type FamilyName, families } from '../../models/families.ts';
import { nativeSide } from '../../pipeline/draw/picture-size.ts';
import { readdir, stat } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { readRef, repositoryCache } from '../../storage/hub/cache-layout.ts';
import { readHubSettings } from '../../storage/hub/hub-settings.ts';
import { repositoryKinds } from '../../storage/hub/repository-kind.ts';
import type { Base } from '../interface/machine-operations.ts';
import { pictureSizingOf } from './picture-sizing.ts';

/** Families that adapters are trained for, and the licence of their weights. */
const offered = {
  sd15: 'CreativeML OpenRAIL-M',
  sd21: 'CreativeML OpenRAIL++-M',
  sdxl: 'CreativeML OpenRAIL++-M',
} as const satisfies Partial<Record<FamilyName, string>>;

/** The bases that Studio offers, the bundled one first; only what the cache holds is looked at each time. */
export async function offlineBases(environment: Environment): Promise<readonly Base[]> {
  const names = Object.keys(offered) as (keyof typeof offered)[];
  return [await pocket(), ...(await Promise.all(names.map((name) => family(name, environment))))];
}

let pocketSize: Promise<number> | undefined;

/** Of the bundled model, which does not change. */
function pocketBytes(): Promise<number> {
  pocketSize ??= bytesUnder(pocketFolder());
  return pocketSize;
}

async function pocket(): Promise<Base> {
  return {
    name: 'pocket',
    title: 'Pocket',
    isToy: true,
    isHere: true,
    bytes: await pocketBytes(),
    license: 'Apache-2.0',
    size: nativeSide(await pictureSizingOf('pocket')),
  };
}

async function family(name: keyof typeof offered, environment: Environment): Promise<Base> {
  const repository = required(families[name].onHub, 0);
  const here = await bytesInCache(repository, environment);
  return {
    name: repository,
    title: families[name].title,
    isToy: false,
    isHere: here !== undefined,
    bytes: here,
    license: offered[name],
    size: nativeSide(await pictureSizingOf(repository)),
  };
}

/** Bytes of a repository's snapshot in the hub's cache; undefined where its UNet is not there. */
async function bytesInCache(
  repository: string,
  environment: Environment,
): Promise<number | undefined> {
  const { cache } = await readHubSettings(environment);
  const paths = repositoryCache(cache, repositoryKinds.model, repository);
  const commit = await readRef(paths, 'main');
  if (commit === undefined) return undefined;
  const names = await readdir(join(paths.snapshot(commit), 'unet')).catch(() => []);
  const hasWeights = names.some((name) => name.endsWith('.safetensors'));
  return hasWeights ? await bytesUnder(paths.snapshot(commit)) : undefined;
}

/** Links followed, as the cache has them. */
async function bytesUnder(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

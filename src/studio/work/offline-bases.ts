/** @file What is known of base models without asking the network: the bundled one, and the published families. */
import type { Environment } from '../../base/environment.ts';
import { required } from '../../base/required.ts';
import { pocketFolder } from '../../data/pocket.ts';
import { type FamilyName, families } from '../../models/families.ts';
import { nativeSide } from '../../pipeline/draw/picture-size.ts';
import { readdir } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { bytesAt } from '../../storage/files/files-under.ts';
import { readRef, repositoryCache } from '../../storage/hub/cache-layout.ts';
import { readHubSettings } from '../../storage/hub/hub-settings.ts';
import { repositoryKinds } from '../../storage/hub/repository-kind.ts';
import type { Base } from '../interface/machine-operations.ts';
import type { ModelPlace } from '../models/found-models.ts';
import { pictureSizingAt, pictureSizingOf } from './picture-sizing.ts';

/** Families that adapters are trained for, and the licence of their weights. */
const offered = {
  sd15: 'CreativeML OpenRAIL-M',
  sd21: 'CreativeML OpenRAIL++-M',
  sdxl: 'CreativeML OpenRAIL++-M',
} as const satisfies Partial<Record<FamilyName, string>>;

/** The bases that Studio offers, the bundled one first; only what the cache holds is looked at each time. */
export async function offlineBases(
  environment: Environment,
  models: readonly ModelPlace[],
): Promise<readonly Base[]> {
  const names = Object.keys(offered) as (keyof typeof offered)[];
  const families = names.map((name) => family(name, environment));
  return [
    await pocket(),
    ...(await Promise.all(models.map(found))).flat(),
    ...(await Promise.all(families)),
  ];
}

let pocketSize: Promise<number> | undefined;

/** Of the bundled model, which does not change. */
function pocketBytes(): Promise<number> {
  pocketSize ??= bytesAt(pocketFolder());
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
    isFound: false,
    size: nativeSide(await pictureSizingOf('pocket')),
  };
}

/** One of this machine; none where it cannot be opened. Under which licence it is nobody says. */
async function found({ id, name, path, bytes }: ModelPlace): Promise<readonly Base[]> {
  const sizing = await pictureSizingAt(path);
  if (sizing === undefined) return [];
  const kind = { isToy: false, isHere: true, isFound: true, license: undefined };
  return [{ name: id, title: name, ...kind, bytes, size: nativeSide(sizing) }];
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
    isFound: false,
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
  return hasWeights ? await bytesAt(paths.snapshot(commit)) : undefined;
}

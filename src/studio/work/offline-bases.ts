/** @file What is known of base models without asking the network: the bundled one, and the published families. */
import type { Environment } from '../../base/environment.ts';
import { required } from '../../base/required.ts';
import { pocketFolder } from '../../data/pocket.ts';
import { type FamilyName, families } from '../../models/families.ts';
import { openOutline } from '../../pipeline/base/base-outline.ts';
import { nativeSide } from '../../pipeline/draw/picture-size.ts';
import { readdir } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { bytesAt } from '../../storage/files/files-under.ts';
import { readRef, repositoryCache } from '../../storage/hub/cache-layout.ts';
import type { HubName } from '../../storage/hub/hub-name.ts';
import { readHubSettings } from '../../storage/hub/hub-settings.ts';
import { repositoryKinds } from '../../storage/hub/repository-kind.ts';
import type { Base } from '../interface/machine-operations.ts';
import type { ModelPlace } from '../models/found-models.ts';
import { pictureSizingAt, pictureSizingOf } from './picture-sizing.ts';
import type { StudioHost } from './studio-host.ts';

/** Families that adapters are trained for, and the licence of their weights. */
const offered = {
  sd15: 'CreativeML OpenRAIL-M',
  sd21: 'CreativeML OpenRAIL++-M',
  sdxl: 'CreativeML OpenRAIL++-M',
} as const satisfies Partial<Record<FamilyName, string>>;

/** The bases that Studio offers, the bundled one first; only what the cache holds is looked at each time. */
export async function offlineBases(
  host: Pick<StudioHost, 'environment' | 'variant'>,
  models: readonly ModelPlace[],
): Promise<readonly Base[]> {
  const names = Object.keys(offered) as (keyof typeof offered)[];
  const families = names.map((name) => family(name, host));
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

async function family(
  family: keyof typeof offered,
  { environment, variant }: Pick<StudioHost, 'environment' | 'variant'>,
): Promise<Base> {
  const repository = required(families[family].onHub, 0);
  const name = variant === undefined ? repository : `${repository}:${variant}`;
  const here = await bytesInCache({ repository, variant }, environment);
  return {
    name,
    title: families[family].title,
    isToy: false,
    isHere: here !== undefined,
    bytes: here ?? (await downloadBytes(name)),
    license: offered[family],
    isFound: false,
    size: nativeSide(await pictureSizingOf(repository)),
  };
}

const downloads = new Map<string, Promise<number>>();

/** Of the weights of a published model, as its configurations make them out; the rest is small. */
function downloadBytes(name: string): Promise<number> {
  const known = downloads.get(name) ?? weightBytes(name);
  downloads.set(name, known);
  return known;
}

async function weightBytes(name: string): Promise<number> {
  const { textEncoders, unet, vae } = await openOutline(name, { offline: true });
  return [...textEncoders, unet, vae].reduce((sum, { weights }) => sum + weights.totalBytes, 0);
}

/** Bytes of a repository's snapshot in the hub's cache; undefined where its UNet is not there. */
async function bytesInCache(
  { repository, variant }: Pick<HubName, 'repository' | 'variant'>,
  environment: Environment,
): Promise<number | undefined> {
  const { cache } = await readHubSettings(environment);
  const paths = repositoryCache(cache, repositoryKinds.model, repository);
  const commit = await readRef(paths, 'main');
  if (commit === undefined) return undefined;
  const ending = variant === undefined ? '.safetensors' : `.${variant}.safetensors`;
  const names = await readdir(join(paths.snapshot(commit), 'unet')).catch(() => []);
  const hasWeights = names.some((name) => name.endsWith(ending));
  return hasWeights ? await bytesAt(paths.snapshot(commit)) : undefined;
}

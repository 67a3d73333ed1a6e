/** @file What decides the sizes of pictures of the bases that Studio offers: configurations that come with the package, each read once. */
import { KronaError } from '../../base/errors.ts';
import { type FamilyName, familyOfBase, openFamilyConfig } from '../../models/families.ts';
import { openBaseModel } from '../../pipeline/base/open-base.ts';
import type { PictureSizing } from '../../pipeline/draw/picture-size.ts';
import { timeOfPath } from '../../storage/path-kind.ts';
import { notHere } from './not-here.ts';

/** The package does not change while it is used. */
const known = new Map<FamilyName | 'pocket', Promise<PictureSizing>>();

/** @throws ConfigError NOT_HERE of a base that Studio does not offer */
export async function pictureSizingOf(base: string): Promise<PictureSizing> {
  const name = base === 'pocket' ? base : familyOfBase(base);
  if (name === undefined) throw notHere('base model', base);
  const sizing = known.get(name) ?? read(name);
  known.set(name, sizing);
  return await sizing;
}

/** Of models at their places, as they were when they were opened. */
const opened = new Map<
  string,
  { readonly time: number; readonly sizing: PictureSizing | undefined }
>();

/** Of a model at a place; undefined where it cannot be opened. */
export async function pictureSizingAt(path: string): Promise<PictureSizing | undefined> {
  const time = await timeOfPath(path);
  const before = opened.get(path);
  if (before?.time === time) return before.sizing;
  const sizing = await openBaseModel(path).catch((error: unknown) => {
    if (error instanceof KronaError) return undefined;
    throw error;
  });
  opened.set(path, { time, sizing });
  return sizing;
}

async function read(name: FamilyName | 'pocket'): Promise<PictureSizing> {
  if (name === 'pocket') return await openBaseModel(name);
  const { unet, vae } = await openFamilyConfig(name);
  return { unet: { config: unet }, vae: { config: vae } };
}

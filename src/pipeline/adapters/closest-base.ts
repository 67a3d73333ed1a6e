/** @file Whether an adapter that fits a family was made for a smaller one of it, whose modules are some of the family's. */
import { familiesLike, isFamilyName } from '../../models/families.ts';
import type { Site } from '../../nn/index.ts';
import { type KnownBase, openKnownBase } from '../base/known-base.ts';
import type { OpenedAdapter } from './adapter-file.ts';

/**
 * The base, or the smaller one of it that has all modules of the adapter and none of their kinds that it leaves out.
 *
 * @param base a base that has all its modules
 * @param open reads it for a base; undefined where it does not fit
 */
export async function closestBase(
  base: KnownBase,
  open: (base: KnownBase) => OpenedAdapter | undefined,
): Promise<KnownBase> {
  if (!isFamilyName(base.name)) return base;
  for (const name of familiesLike(base.name)) {
    const known = name === base.name ? base : await openKnownBase(name);
    const opened = open(known);
    if (opened !== undefined && isWhole(known.sites, opened)) return known;
  }
  return base;
}

/** Whether the UNet has no site of a kind that the adapter changes but those that it changes. */
function isWhole(sites: readonly Site[], { file }: OpenedAdapter): boolean {
  const changed = file.placed.flatMap((each) => each.sites).filter(isOfUNet);
  const kinds = new Set(changed.map(kindOf));
  return (
    sites.filter((site) => isOfUNet(site) && kinds.has(kindOf(site))).length === changed.length
  );
}

function isOfUNet({ name }: Site): boolean {
  return name.startsWith('unet.');
}

/** `attn2.to_k` of a key projection, in whichever block. */
function kindOf({ name }: Site): string {
  return name.split('.').slice(-2).join('.');
}

/** @file Sizes that a training of a base would bring pictures to. */
import { type FamilyName, families, familyFolder } from '../../models/families.ts';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import { outlineModel } from '../../pipeline/base/model-outline.ts';
import { openBaseModel } from '../../pipeline/base/open-base.ts';
import type { PictureSize } from '../../pipeline/draw/autoencoder.ts';
import { nativeSide, requirePictureSize } from '../../pipeline/draw/picture-size.ts';
import { pictureSizes } from '../../train/pictures/picture-sizes.ts';
import type { Cutting } from '../interface/dataset-operations.ts';
import { notHere } from '../work/not-here.ts';

/** Known by configurations alone; each is read once. */
export class TrainingSizes {
  readonly #bases = new Map<string, Promise<BaseModel>>();

  /** @throws ConfigError NOT_HERE of a base that Studio does not offer, PICTURE_SIZE, BUCKET_STEP */
  async of({
    base: name = 'pocket',
    resolution,
    buckets = false,
  }: Cutting): Promise<readonly PictureSize[]> {
    const base = await this.#base(name);
    const side = resolution ?? nativeSide(base);
    requirePictureSize(base, { width: side, height: side });
    return pictureSizes({ resolution: side, buckets }, base);
  }

  async #base(name: string): Promise<BaseModel> {
    const known = this.#bases.get(name);
    if (known !== undefined) return await known;
    const opened = opening(name);
    this.#bases.set(name, opened);
    try {
      return await opened;
    } catch (error) {
      this.#bases.delete(name);
      throw error;
    }
  }
}

/** A page gives names, never paths. */
async function opening(name: string): Promise<BaseModel> {
  if (name === 'pocket') return await openBaseModel(name);
  const names = Object.keys(families) as FamilyName[];
  const family = names.find((each) => families[each].onHub.some((hub) => hub === name));
  if (family === undefined) throw notHere('base model', name);
  return await outlineModel(family, familyFolder(family));
}

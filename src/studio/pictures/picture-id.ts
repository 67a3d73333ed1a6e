/** @file What pages call pictures: a kind, what it belongs to, and a name; each part is looked for in a listing. */
import type { PictureId } from '../interface/operation-shapes.ts';

const separator = '~';

export interface PictureIdParts {
  readonly kind: string;
  /** Such as the id of a run. */
  readonly owner: string;
  readonly name: string;
}

/** @param owner an id, which holds no tilde */
export function pictureId(kind: string, owner: string, name: string): PictureId {
  return [kind, owner, name].join(separator);
}

/** Undefined of a text that is no id. */
export function partsOfPictureId(id: PictureId): PictureIdParts | undefined {
  const [kind, owner, ...name] = id.split(separator);
  if (kind === undefined || owner === undefined || name.length === 0) return undefined;
  return { kind, owner, name: name.join(separator) };
}

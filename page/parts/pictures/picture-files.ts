/** @file Files that a person brings: pictures that Studio takes, and others. */

/** What browsers call the types that are taken. */
export const pictureTypes = ['image/png', 'image/jpeg', 'image/webp'];

/** Pictures, and the texts that stand beside them. */
export const datasetTypes = [...pictureTypes, '.txt', '.caption'];

export function isPictureFile({ type }: File): boolean {
  return pictureTypes.includes(type);
}

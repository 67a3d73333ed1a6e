/** @file Files that a person brings: pictures that Studio takes, and others. */

/** What browsers call the types that are taken. */
export const pictureTypes = ['image/png', 'image/jpeg', 'image/webp'];

export function isPictureFile({ type }: File): boolean {
  return pictureTypes.includes(type);
}

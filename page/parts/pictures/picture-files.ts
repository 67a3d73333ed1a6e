/** @file Files that a person brings: pictures that Studio takes, and others. */

/** What phones write, which many browsers know by its ending alone. */
const heicEndings = ['.heic', '.heif'];

/** What browsers call the types that are taken. */
export const pictureTypes = [
  ...['image/png', 'image/jpeg', 'image/webp'],
  ...['image/heic', 'image/heif', ...heicEndings],
];

/** Pictures, and the texts that stand beside them. */
export const datasetTypes = [...pictureTypes, '.txt', '.caption'];

export function isPictureFile({ type, name }: Pick<File, 'type' | 'name'>): boolean {
  const isHeic = heicEndings.some((ending) => name.toLowerCase().endsWith(ending));
  return pictureTypes.includes(type) || (type === '' && isHeic);
}

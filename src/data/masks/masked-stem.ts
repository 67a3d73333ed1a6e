/** @file Which picture another one is the mask of, by its name. */

/** OneTrainer's: what of `dog1.jpg` is learned. */
const labelled = /-masklabel$/i;

/** Other programs' way to name the mask of `dog1.jpg`. */
const named = /[-_. ]mask$/i;

/**
 * The name, without its extension, of the picture that one is the mask of; undefined where it is no mask.
 *
 * @param stem the name of the mask without its extension
 * @param stems of all pictures of the folder
 */
export function maskedStem(stem: string, stems: ReadonlySet<string>): string | undefined {
  if (labelled.test(stem)) return stem.replace(labelled, '');
  const picture = stem.replace(named, '');
  return picture !== stem && stems.has(picture) ? picture : undefined;
}

/** Whether a name looks like that of a mask, whatever picture it may be of. */
export function isNamedAsMask(stem: string): boolean {
  return named.test(stem);
}

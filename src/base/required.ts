/** @file Elements of lists that must be there. */

/**
 * The element at an index, for lists whose length follows from the code around: a fallback would turn a bug into a
 * wrong number.
 *
 * @throws Error `internal:` where there is none
 */
export function required<Item>(list: ArrayLike<Item>, index: number): Item {
  const item = list[index];
  if (item === undefined) throw new Error(`internal: no element ${index} of ${list.length}`);
  return item;
}

/**
 * The last element of a list that is not empty.
 *
 * @throws Error `internal:` where it is
 */
export function lastOf<Item>(list: ArrayLike<Item>): Item {
  return required(list, list.length - 1);
}

/** @file How light a colour is. */

/**
 * How light a colour of 8 bits is, as it is stored (ITU-R BT.601), and as Pillow turns colours grey: from whole thousandths,
 * so that a grey is its level to the bit.
 */
export function luminance([red = 0, green = 0, blue = 0]: Iterable<number>): number {
  return (299 * red + 587 * green + 114 * blue) / 1000;
}

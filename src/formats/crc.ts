/** @file Cyclic redundancy checks of 32 bits, and the form in which TFRecord files store them. */

/** CRC-32 (ISO 3309: ZIP, PNG), of 0x04C11DB7 with its bits reversed. */
export const crc32: (bytes: Uint8Array) => number = checkBy(0xedb88320);

/** CRC-32C (Castagnoli; RFC 3720, appendix B.4), of 0x1EDC6F41 with its bits reversed. */
export const crc32c: (bytes: Uint8Array) => number = checkBy(0x82f63b78);

/** Rotated right by 15 bits, plus a constant: a checksum of data that hold checksums (TFRecord). */
export function maskedCrc32c(bytes: Uint8Array): number {
  const value = crc32c(bytes);
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}

/** The check by a polynomial whose bits are reversed. */
function checkBy(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) {
      value = (value >>> 1) ^ ((value & 1) === 1 ? polynomial : 0);
    }
    return value;
  });
  return (bytes) => {
    let value = 0xffffffff;
    for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0);
    return ~value >>> 0;
  };
}

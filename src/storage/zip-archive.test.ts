import { expect, test } from 'vitest';
import { required } from '../base/required.ts';
import { findZipDirectory, parseZipDirectory, zipContentOffset } from '../formats/torch/zip.ts';
import { zipArchive } from './zip-archive.ts';

const files = new Map([
  ['adapter_config.json', new TextEncoder().encode('{"peft_type": "LOKR"}')],
  ['text_encoder/größe.bin', Uint8Array.from({ length: 300 }, (_, i) => i)],
  ['empty', new Uint8Array()],
]);

test('what was put in is read out again', () => {
  const bytes = zipArchive(files);
  const { offset, byteLength, count } = findZipDirectory(bytes, bytes.byteLength, 'made');
  const directory = bytes.subarray(offset, offset + byteLength);
  const entries = parseZipDirectory(directory, count, 'made');
  expect([...entries.keys()]).toEqual([...files.keys()]);
  for (const [name, entry] of entries) {
    const header = bytes.subarray(entry.headerOffset);
    const start = zipContentOffset(header, entry, { fileSize: bytes.byteLength, where: 'made' });
    expect(entry.method).toBe(0);
    expect(bytes.subarray(start, start + entry.byteLength)).toEqual(files.get(name));
  }
});

test('the same files make the same bytes, with the check sum of the standard', () => {
  const bytes = zipArchive(new Map([['a', new TextEncoder().encode('123456789')]]));
  expect(zipArchive(new Map([['a', new TextEncoder().encode('123456789')]]))).toEqual(bytes);
  // CRC-32 of "123456789", as its catalogues have it.
  expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(14, true)).toBe(0xcbf43926);
  expect(required([...bytes], 30)).toBe('a'.charCodeAt(0));
});

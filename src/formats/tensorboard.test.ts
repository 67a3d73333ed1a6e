import { describe, expect, test } from 'vitest';
import { readEvents } from '../../test/train/tensorboard-reader.ts';
import { crc32c } from './crc.ts';
import { encodeScalars, encodeStart } from './tensorboard.ts';

describe('crc32c', () => {
  // The vectors of RFC 3720, appendix B.4, and the usual check value.
  test.each([
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(0xff), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    [new TextEncoder().encode('123456789'), 0xe3069283],
  ])('of %s', (bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});

describe('an event file', () => {
  test('is read back by a reader of its own', () => {
    const bytes = Buffer.concat([
      encodeStart({ step: 7, seconds: 1.5 }),
      encodeScalars({ step: 7, seconds: 2, values: { loss: 0.25, 'learning rate': 0.5 } }),
      encodeScalars({ step: 300, seconds: 1e9, values: { loss: -1 } }),
    ]);
    expect(readEvents(bytes)).toEqual([
      { seconds: 1.5, step: 0, version: 'brain.Event:2', values: {} },
      { seconds: 1.5, step: 7, sessionStart: true, values: {} },
      { seconds: 2, step: 7, values: { loss: 0.25, 'learning rate': 0.5 } },
      { seconds: 1e9, step: 300, values: { loss: -1 } },
    ]);
  });

  test('has the bytes that TensorFlow writes for its version record', () => {
    // The head of every file of tf.summary: length 24, its masked checksum, then wall_time and file_version.
    const bytes = encodeStart({ step: 0, seconds: 0 });
    expect([...bytes.subarray(0, 12)]).toEqual([24, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22]);
  });
});

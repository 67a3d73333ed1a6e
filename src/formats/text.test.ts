import { describe, expect, test } from 'vitest';
import { FormatError } from '../base/errors.ts';
import { decodeText } from './text.ts';

const text = 'a café\nin 東京, 🐶\n';
const utf8 = (value: string) => new TextEncoder().encode(value);
const bytes = (...parts: readonly (readonly number[] | Uint8Array)[]) =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

function utf16(value: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(value.length * 2));
  for (let i = 0; i < value.length; i++) view.setUint16(2 * i, value.charCodeAt(i), littleEndian);
  return new Uint8Array(view.buffer);
}

describe('a text', () => {
  test.each([
    ['UTF-8', utf8(text)],
    ['UTF-8 with a byte-order mark', bytes([0xef, 0xbb, 0xbf], utf8(text))],
    ['UTF-16, little end first', bytes([0xff, 0xfe], utf16(text, true))],
    ['UTF-16, big end first', bytes([0xfe, 0xff], utf16(text, false))],
  ])('is read in %s', (_, content) => {
    expect(decodeText(content, 'a.txt')).toBe(text);
  });

  test('may be empty, or a mark alone', () => {
    expect(decodeText(bytes(), 'a.txt')).toBe('');
    expect(decodeText(bytes([0xef, 0xbb, 0xbf]), 'a.txt')).toBe('');
    expect(decodeText(bytes([0xff, 0xfe]), 'a.txt')).toBe('');
  });

  test('keeps a mark inside, which is a character there', () => {
    expect(decodeText(utf8('a\uFEFFb'), 'a.txt')).toBe('a\uFEFFb');
  });
});

describe('a text in another encoding is refused with its line and what it looks like', () => {
  test.each([
    [
      'Windows-1252',
      bytes(utf8('one\ntwo caf'), [0xe9, 0x0a], utf8('three')),
      'a.txt:2: expected a text in UTF-8, found what looks like Windows-1252 or Latin-1 ("two café")',
    ],
    [
      'a quote of Windows-1252',
      bytes(utf8('the dog'), [0x92], utf8('s ball')),
      'a.txt:1: expected a text in UTF-8, found what looks like Windows-1252 or Latin-1 ("the dog’s ball")',
    ],
    [
      'UTF-8 with a cut character',
      bytes(utf8('日本の'), utf8('犬').subarray(0, 2)),
      'a.txt:1: expected a text in UTF-8, found damaged UTF-8 ("日本の\uFFFD")',
    ],
    [
      'Shift-JIS', // 日本の犬
      bytes([0x93, 0xfa, 0x96, 0x7b, 0x82, 0xcc, 0x8c, 0xa2]),
      'a.txt:1: expected a text in UTF-8, found another encoding, such as Windows-1251, Shift-JIS or GBK',
    ],
    [
      'Windows-1251', // собака
      bytes([0xf1, 0xee, 0xe1, 0xe0, 0xea, 0xe0]),
      'a.txt:1: expected a text in UTF-8, found another encoding, such as Windows-1251, Shift-JIS or GBK',
    ],
    [
      'UTF-16 without a mark',
      utf16('a dog\n', true),
      'a.txt:1: expected a text in UTF-8, found what looks like UTF-16 without its byte-order mark',
    ],
    [
      'UTF-16 without a mark, letters beyond ASCII among them',
      utf16('a café', false),
      'a.txt:1: expected a text in UTF-8, found what looks like UTF-16 without its byte-order mark',
    ],
    [
      'UTF-16 that ends within a character',
      bytes([0xff, 0xfe], utf16('dog', true).subarray(0, 5)),
      'a.txt: expected UTF-16, as its byte-order mark says, found half a character',
    ],
    [
      'UTF-32',
      bytes([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]),
      'a.txt: expected a text in UTF-8, found one in UTF-32',
    ],
    [
      'bytes that are no text',
      bytes(utf8('some longer text'), [0]),
      'a.txt:1: expected a text in UTF-8, found a zero byte, so that it is no text',
    ],
  ])('%s', (_, content, message) => {
    const decoding = () => decodeText(content, 'a.txt');
    expect(decoding).toThrow(FormatError);
    expect(decoding).toThrow(message);
    expect(decoding).toThrow('save the file as UTF-8');
  });
});

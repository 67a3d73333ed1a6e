import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError, KronaError } from '../../base/errors.ts';
import { PickleGlobal, PickleTuple, readPickle } from './pickle.ts';

const where = 'x.ckpt';
/** Bytes of Latin-1 text: a pickle as pickletools prints it. */
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (each) => each.charCodeAt(0));
const globals = new Map(
  [
    new PickleGlobal('torch.FloatStorage'),
    new PickleGlobal('collections.OrderedDict', () => new Map()),
  ].map((global) => [global.name, global]),
);
const read = (text: string): unknown => readPickle(bytes(text), { where, globals }).value;

function refusalOf(text: string): FormatError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a pickle of plain data', () => {
  test.each<[string, string, unknown]>([
    ['None, True and False', '(N\x88\x89l.', [null, true, false]],
    ['integers', 'K\x07M\x01\x02J\xff\xff\xff\xff\x87.', new PickleTuple([7, 513, -1])],
    ['decimal integers', '(I42\nI01\nL-7L\nl.', [42, true, -7]],
    ['long integers', '\x8a\x03\x00\x00\x80.', -(2 ** 23)],
    ['integers beyond 2⁵³', '\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01.', 2n ** 64n],
    ['floats', '(G\x3f\xf8\x00\x00\x00\x00\x00\x00F-0.25\nl.', [1.5, -0.25]],
    ['texts', "(X\x02\x00\x00\x00\xc3\xa9\x8c\x01aVb\nS'c'\nU\x01dl.", ['é', 'a', 'b', 'c', 'd']],
    ['bytes', 'C\x02\x01\x02.', Uint8Array.of(1, 2)],
    [
      'dictionaries',
      '}(K\x01K\x02K\x03K\x04uK\x05K\x06s.',
      new Map([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ],
    ['lists', ']K\x01a(K\x02K\x03e.', [1, 2, 3]],
    ['sets', '\x8f(K\x01K\x01K\x02\x90.', new Set([1, 2])],
    ['tuples', ')(t\x86.', new PickleTuple([new PickleTuple([]), new PickleTuple([])])],
    ['what it remembers', 'K\x05q\x00K\x06\x94h\x00h\x01\x86\x86\x86.', expect.any(PickleTuple)],
    ['frames', '\x80\x04\x95\x03\x00\x00\x00\x00\x00\x00\x00K\x01.', 1],
  ])('gives %s', (_what, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test('says where it ends', () => {
    const options = { where, globals, start: 2 };
    expect(readPickle(bytes('..K\x01.K\x02.'), options)).toEqual({ value: 1, end: 5 });
  });

  test('holds its parts by reference, so that one that grows by doubling stays small', () => {
    // Forty times a tuple of the last value twice: 2⁴⁰ leaves, if it were a copy.
    expect(read(`K\x01${'2\x86'.repeat(40)}.`)).toBeInstanceOf(PickleTuple);
  });

  test('drops the attributes of an OrderedDict', () => {
    expect(read('ccollections\nOrderedDict\n)R}X\x01\x00\x00\x00aK\x01sb.')).toEqual(new Map());
  });
});

describe('a pickle that could run code is refused by name', () => {
  test.each([
    ['os.system', "cos\nsystem\n(S'echo owned'\ntR."],
    ['posix.system', "cposix\nsystem\n(S'echo owned'\ntR."],
    ['builtins.eval', '\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x031+1\x85R.'],
    ['__builtin__.exec', "c__builtin__\nexec\n(S'1'\ntR."],
    ['torch.load', 'ctorch\nload\n)R.'],
    ['collections.OrderedDict.fromkeys', 'ccollections\nOrderedDict.fromkeys\n)R.'],
    ['os.system', 'cos\nsystem\n.'],
    ['torch.FloatStorage', 'ctorch\nFloatStorage\n)R.'],
    ['opcode INST', "(S'echo owned'\nios\nsystem\n."],
    ['opcode OBJ', '(ccollections\nOrderedDict\no.'],
    ['opcode NEWOBJ', 'ccollections\nOrderedDict\n)\x81.'],
    ['opcode NEWOBJ_EX', 'ccollections\nOrderedDict\n)}\x92.'],
    ['opcode EXT1', '\x82\x01.'],
    ['opcode NEXT_BUFFER', '\x97.'],
    ['BUILD', ']}b.'],
    ['PERSID', 'Pstorage\n.'],
    ['PERSID', ')Q.'],
  ])('%s', (name, text) => {
    const error = refusalOf(text);
    expect(error.code).toBe('PICKLE_UNSAFE');
    expect(error.message).toContain(name);
    expect(error.message).toContain('nothing was run');
  });

  test('even where the name comes after harmless content', () => {
    expect(refusalOf('}X\x01\x00\x00\x00aK\x01scos\nsystem\n.').code).toBe('PICKLE_UNSAFE');
  });
});

describe('a damaged pickle is refused', () => {
  test.each([
    ['PICKLE_TRUNCATED', 'nothing', ''],
    ['PICKLE_TRUNCATED', 'no end', 'K\x01'],
    ['PICKLE_TRUNCATED', 'a cut number', 'J\x01'],
    ['PICKLE_TRUNCATED', 'a text longer than the file', 'X\xff\xff\xff\xffa.'],
    ['PICKLE_TRUNCATED', 'a text of 2⁶³ bytes', `\x8d${'\x00'.repeat(7)}\x80a.`],
    ['PICKLE_TRUNCATED', 'a line without end', 'Vabc'],
    ['PICKLE_MALFORMED', 'an empty stack', '.'],
    ['PICKLE_MALFORMED', 'no mark', 'K\x01t.'],
    ['PICKLE_MALFORMED', 'a mark for a value', '(.'],
    ['PICKLE_MALFORMED', 'a key without a value', '}(K\x01u.'],
    ['PICKLE_MALFORMED', 'an item for what is no list', '}K\x01a.'],
    ['PICKLE_MALFORMED', 'a memory that was not made', 'h\x00.'],
    ['PICKLE_MALFORMED', 'a call of a number', 'K\x01)R.'],
    ['PICKLE_MALFORMED', 'an unknown opcode', '\xff.'],
    ['PICKLE_MALFORMED', 'a future protocol', '\x80\x09N.'],
    ['PICKLE_MALFORMED', 'a decimal that is none', 'I4x\n.'],
    ['PICKLE_MALFORMED', 'an integer of a megabyte', '\x8b\x00\x00\x10\x00.'],
  ])('%s: %s', (code, _what, text) => {
    expect(refusalOf(text).code).toBe(code);
  });

  test('whatever the bytes are, with an error of ours and no other', () => {
    const opcodes = bytes(
      '().0125NIKLJMTUXVSFG]}adelpqrhgjcstuRbPQ\x80\x85\x86\x87\x88\x89\x8a\x8c\x8f\x90\x91\x93\x94\x95\n',
    );
    const arbitrary = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(fc.constantFrom(...opcodes), { maxLength: 200 })
        .map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(arbitrary, (content) => {
        try {
          readPickle(content, { where, globals });
        } catch (error) {
          if (!(error instanceof KronaError)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});

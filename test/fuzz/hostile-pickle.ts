/** @file Small pickles that ask for much: lists that are copied thousands of times, endless shapes, deep nesting. */
import type { Random } from './random.ts';

const text = (value: string): Buffer => Buffer.from(value, 'latin1');

function int(value: number): Buffer {
  const buffer = Buffer.alloc(5);
  buffer.write('J', 'latin1');
  buffer.writeInt32LE(value, 1);
  return buffer;
}

function unicode(value: string): Buffer {
  const head = Buffer.alloc(5);
  head.write('X', 'latin1');
  head.writeUInt32LE(value.length, 1);
  return Buffer.concat([head, text(value)]);
}

const repeated = (part: Buffer, count: number): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => part));
/** Puts what lies on the stack into the memo, and takes it from there. */
const remember = text('q\x01');
const recall = text('h\x01');

/** A long list, handed over and over to a constructor that copies it. */
function copies(random: Random): Buffer {
  const count = random.pick([2000, 200_000]);
  const times = random.pick([300, 3000]);
  const list = Buffer.concat([
    text(']('),
    repeated(text('K\x01'), count),
    text('e'),
    remember,
    text('0'),
  ]);
  const maker = random.pick([
    'c__builtin__\nset\n',
    'cbuiltins\nset\n',
    'ccollections\nOrderedDict\n',
  ]);
  const use = Buffer.concat([text(maker), recall, text('\x85R')]);
  return Buffer.concat([list, text(']('), repeated(use, times), text('e.')]);
}

/** Tensors whose shape has as many sides as there is room for. */
function endlessShapes(random: Random): Buffer {
  const sides = random.pick([65, 3000, 300_000]);
  const shape = Buffer.concat([
    text('('),
    repeated(text('K\x01'), sides),
    text('t'),
    remember,
    text('0'),
  ]);
  const storage = Buffer.concat([
    text('('),
    unicode('storage'),
    text('ctorch\nFloatStorage\n'),
    unicode('0'),
    unicode('cpu'),
    int(1),
    text('tQ'),
  ]);
  const tensor = Buffer.concat([
    text('ctorch._utils\n_rebuild_tensor_v2\n('),
    storage,
    int(0),
    recall,
    recall,
    text('\x89ccollections\nOrderedDict\n)RtR'),
  ]);
  const pairs = Array.from({ length: random.pick([3, 3000]) }, (_, i) =>
    Buffer.concat([unicode(`w${i}`), tensor]),
  );
  return Buffer.concat([shape, text('}('), ...pairs, text('u.')]);
}

function deep(random: Random): Buffer {
  const depth = random.pick([500, 200_000]);
  return Buffer.concat([repeated(text(random.pick(['](', '}('])), depth), text('.')]);
}

/** A list that holds itself twice, that list twice, and so on. */
function doubling(random: Random): Buffer {
  const levels = Array.from({ length: random.pick([20, 60]) }, (_, i) =>
    Buffer.from([0x5d, 0x28, 0x68, i, 0x68, i, 0x65, 0x71, i + 1, 0x30]),
  );
  return Buffer.concat([
    text('K\x01'),
    Buffer.from([0x71, 0, 0x30]),
    ...levels,
    Buffer.from([0x68, levels.length]),
    text('.'),
  ]);
}

const longNumbers = (random: Random): Buffer => {
  const length = random.pick([255, 65_536]);
  const head = Buffer.alloc(5);
  head.write('\x8b', 'latin1');
  head.writeInt32LE(random.pick([length, -1, 0x7fff_ffff]), 1);
  return Buffer.concat([head, Buffer.alloc(length, 0x7f), text('.')]);
};

/** The bytes of torch's legacy format, or of a bare pickle, around one of these. */
export function hostilePickle(random: Random): Uint8Array {
  const body = random.pick([copies, endlessShapes, deep, doubling, longNumbers])(random);
  const protocol = text('\x80\x02');
  if (random.chance(0.3)) return new Uint8Array(Buffer.concat([protocol, body]));
  const magic = Buffer.concat([
    protocol,
    text('\x8a\x0a'),
    Buffer.from('6cfc9c46f9206aa85019', 'hex'),
    text('.'),
  ]);
  const version = Buffer.concat([protocol, text('M\xe9\x03.')]);
  const system = Buffer.concat([protocol, text('}.')]);
  return new Uint8Array(
    Buffer.concat([magic, version, system, protocol, body, text('\x80\x02].')]),
  );
}

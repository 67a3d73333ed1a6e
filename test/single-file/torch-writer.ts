/** Writes tensors as torch.save does: a zip of stored files, with a protocol-2 pickle that describes them. */
import type { DType, Tensor } from '../../src/tensor/tensor.ts';

const storageOf: Partial<Record<DType, string>> = {
  f32: 'FloatStorage',
  f16: 'HalfStorage',
  bf16: 'BFloat16Storage',
  i64: 'LongStorage',
};

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

function int(value: number): Buffer {
  const buffer = Buffer.alloc(5);
  buffer.write('J', 'latin1');
  buffer.writeInt32LE(value, 1);
  return buffer;
}

function unicode(text: string): Buffer {
  const head = Buffer.alloc(5);
  head.write('X', 'latin1');
  head.writeUInt32LE(text.length, 1);
  return Buffer.concat([head, bytes(text)]);
}

const tuple = (items: readonly Buffer[]): Buffer =>
  Buffer.concat([bytes('('), ...items, bytes('t')]);

function rebuilt({ dtype, shape }: Tensor, key: string, elements: number): Buffer {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const storage = tuple([
    unicode('storage'),
    bytes(`ctorch\n${storageOf[dtype]}\n`),
    ...[unicode(key), unicode('cpu'), int(elements)],
  ]);
  const hooks = bytes('ccollections\nOrderedDict\n)R');
  return Buffer.concat([
    bytes('ctorch._utils\n_rebuild_tensor_v2\n'),
    tuple([
      Buffer.concat([storage, bytes('Q')]),
      int(0),
      ...[tuple(shape.map(int)), tuple(strides.map(int)), bytes('\x89'), hooks],
    ]),
    bytes('R'),
  ]);
}

/** The bytes of a checkpoint with these tensors under `state_dict`; one tensor under two names is stored once. */
export function torchCheckpoint(tensors: ReadonlyMap<string, Tensor>): Buffer {
  const list = [...tensors];
  const stored = [...new Set(list.map(([, tensor]) => tensor))];
  const pairs = list.flatMap(([name, tensor]) => [
    unicode(name),
    rebuilt(tensor, String(stored.indexOf(tensor)), tensor.data.length),
  ]);
  const pickle = Buffer.concat([
    ...[bytes('\x80\x02}'), unicode('global_step'), int(875000), bytes('s'), unicode('state_dict')],
    ...[bytes('}('), ...pairs, bytes('us.')],
  ]);
  const files = stored.map(({ data }, i): readonly [string, Buffer] => [
    `archive/data/${i}`,
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  ]);
  return storedZip([
    ['archive/data.pkl', pickle],
    ['archive/byteorder', bytes('little')],
    ...files,
  ]);
}

function storedZip(files: readonly (readonly [string, Buffer])[]): Buffer {
  const contents: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt32LE(content.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, bytes(name));
    contents.push(local, bytes(name), content);
    offset += 30 + name.length + content.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...contents, ...directory, end]);
}

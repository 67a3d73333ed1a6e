/** @file The pickle inside a PyTorch checkpoint: which tensors there are, as parts of storages. Nothing else is let in. */
import { FormatError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import { bytesPerElement, type DType, elementCount, type Shape } from '../../tensor/tensor.ts';
import { PickleGlobal, type PickleResult, PickleTuple, readPickle } from './pickle.ts';
import { hashableKey } from './pickle-limits.ts';

/** A run of bytes that tensors lie in, kept outside of the pickle. */
export interface TorchStorage {
  readonly key: string;
  readonly dtype: DType;
  readonly elements: number;
}

/** A tensor as PyTorch describes it; offset and strides count elements. */
export class TorchTensor {
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: readonly number[];

  constructor(storage: TorchStorage, offset: number, shape: Shape, strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

const mostAxes = 64;

const dtypeOfStorage: ReadonlyMap<string, DType | undefined> = new Map([
  ['DoubleStorage', 'f64'],
  ['FloatStorage', 'f32'],
  ['HalfStorage', 'f16'],
  ['BFloat16Storage', 'bf16'],
  ['LongStorage', 'i64'],
  ['IntStorage', 'i32'],
  ['ByteStorage', 'u8'],
  ['BoolStorage', 'bool'],
  // Harmless, but of dtypes that no model here has: the tensor is refused, not the name.
  ['CharStorage', undefined],
  ['ShortStorage', undefined],
  ['ComplexFloatStorage', undefined],
  ['ComplexDoubleStorage', undefined],
]);

/**
 * Reads a pickle that may hold tensors, plain containers, texts and numbers.
 *
 * @param start first byte of the pickle
 * @returns the value, with tensors as TorchTensor, and every storage that was mentioned
 * @throws FormatError PICKLE_UNSAFE for anything else, TORCH_TENSOR or TORCH_DTYPE for a tensor that cannot be
 */
export function readTorchPickle(
  bytes: Uint8Array,
  { where, start = 0 }: { readonly where: string; readonly start?: number },
): PickleResult & { readonly storages: ReadonlyMap<string, TorchStorage> } {
  const storages = new Map<string, TorchStorage>();
  const persistent = (id: unknown): TorchStorage => {
    const storage = storageOf(id, where);
    hashableKey(storage.key, where);
    const known = storages.get(storage.key) ?? storage;
    if (known.dtype !== storage.dtype || known.elements !== storage.elements) {
      throw malformed(where, `storage "${storage.key}" is described in two ways`);
    }
    storages.set(storage.key, known);
    return known;
  };
  const result = readPickle(bytes, { where, start, globals: allowedGlobals(where), persistent });
  return { ...result, storages };
}

/** Everything a checkpoint may mention. What may be called makes a tensor or a container. */
function allowedGlobals(where: string): ReadonlyMap<string, PickleGlobal> {
  const rebuild = ([storage, offset, shape, strides]: readonly unknown[]) =>
    tensorOf({ storage, offset, shape, strides }, where);
  const set = ([items]: readonly unknown[]) =>
    new Set((Array.isArray(items) ? items : []).map((item) => hashableKey(item, where)));
  const list = [
    ...[...dtypeOfStorage.keys()].map((name) => new PickleGlobal(`torch.${name}`)),
    new PickleGlobal('torch._utils._rebuild_tensor', rebuild),
    new PickleGlobal('torch._utils._rebuild_tensor_v2', rebuild),
    new PickleGlobal('torch._utils._rebuild_parameter', ([data]) => {
      if (data instanceof TorchTensor) return data;
      throw malformed(where, 'a parameter holds no tensor');
    }),
    new PickleGlobal('collections.OrderedDict', ([pairs]) => orderedDictionary(pairs, where)),
    new PickleGlobal('builtins.set', set),
    new PickleGlobal('__builtin__.set', set),
    // A key in the checkpoints of Stable Diffusion 1.x: mentioned as the name of a callback, never made.
    new PickleGlobal('pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint'),
  ];
  return new Map(list.map((global) => [global.name, global]));
}

function storageOf(id: unknown, where: string): TorchStorage {
  const [kind, type, key, , elements, view] = id instanceof PickleTuple ? id.items : [];
  if (kind !== 'storage' || !(type instanceof PickleGlobal) || typeof key !== 'string') {
    throw malformed(where, 'it refers to outside data that is no storage');
  }
  if (!isSize(elements) || (view ?? null) !== null) {
    throw malformed(where, `storage "${key}" has no size, or is a view of another storage`);
  }
  const dtype = dtypeOfStorage.get(type.name.replace(/^torch\./, ''));
  if (dtype === undefined) {
    throw new FormatError(
      'TORCH_DTYPE',
      `${where}: storage "${key}" is a ${type.name}, a dtype that is not supported; save the model again as float32, float16 or bfloat16`,
    );
  }
  return { key, dtype, elements };
}

function tensorOf(
  given: Readonly<Record<'storage' | 'offset' | 'shape' | 'strides', unknown>>,
  where: string,
): TorchTensor {
  const { storage, offset } = given;
  const shape = sizesOf(given.shape);
  const strides = sizesOf(given.strides);
  if (!isStorage(storage) || !isSize(offset) || shape === undefined || strides === undefined) {
    throw malformed(
      where,
      `a tensor lacks its storage, offset, shape or strides, or has more than ${mostAxes} axes`,
    );
  }
  if (shape.length !== strides.length) {
    throw malformed(where, `a tensor has ${shape.length} sizes and ${strides.length} strides`);
  }
  const last = shape.reduce((sum, size, i) => sum + (size - 1) * required(strides, i), offset);
  if (elementCount(shape) > 0 && !(last < storage.elements)) {
    throw malformed(where, `a tensor leaves its storage "${storage.key}"`);
  }
  return new TorchTensor(storage, offset, shape, strides);
}

function isStorage(value: unknown): value is TorchStorage {
  return typeof value === 'object' && value !== null && 'elements' in value;
}

function orderedDictionary(pairs: unknown, where: string): Map<unknown, unknown> {
  const dictionary = new Map<unknown, unknown>();
  for (const pair of Array.isArray(pairs) ? pairs : []) {
    const items = pair instanceof PickleTuple ? pair.items : pair;
    if (!Array.isArray(items) || items.length !== 2) {
      throw malformed(where, 'an OrderedDict is not made of pairs');
    }
    dictionary.set(hashableKey(items[0], where), items[1]);
  }
  return dictionary;
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Sizes or strides: PyTorch has at most 64 of them. */
function sizesOf(value: unknown): readonly number[] | undefined {
  if (!(value instanceof PickleTuple) || value.items.length > mostAxes) return undefined;
  return value.items.every(isSize) ? value.items : undefined;
}

/**
 * The tensors of a checkpoint by name: those under `state_dict`, as trainers write them, or those at the top.
 * Other entries, such as the step or an optimizer's state, are left out.
 *
 * @throws FormatError TORCH_NO_TENSORS where neither place holds any
 */
export function stateDictionary(value: unknown, where: string): ReadonlyMap<string, TorchTensor> {
  const top = value instanceof Map ? value : new Map<unknown, unknown>();
  const inner: unknown = top.get('state_dict');
  const tensors = new Map<string, TorchTensor>();
  for (const [name, item] of inner instanceof Map ? inner : top) {
    if (typeof name === 'string' && item instanceof TorchTensor) tensors.set(name, item);
  }
  if (tensors.size > 0) return tensors;
  const names = [...top.keys()].slice(0, 5).map((name) => (typeof name === 'string' ? name : '?'));
  throw new FormatError(
    'TORCH_NO_TENSORS',
    `${where}: expected named tensors, or "state_dict" with such, found ${names.join(', ') || 'none'}; give a file of a model's weights`,
  );
}

/** A tensor's bytes within its storage. */
export interface TorchSpan {
  /** First byte, counted from the start of the storage. */
  readonly offset: number;
  readonly byteLength: number;
  /** The axes as they are stored, outermost first; undefined where they are stored in order. */
  readonly axes: readonly number[] | undefined;
}

/**
 * Where a tensor's elements lie: without gaps, its axes in any order, as `channels_last` and transposed weights have them.
 *
 * @throws FormatError TORCH_STRIDES where there are gaps or overlaps
 */
export function spanOf(tensor: TorchTensor, name: string, where: string): TorchSpan {
  const { storage, shape, strides } = tensor;
  const size = bytesPerElement[storage.dtype];
  const span = { offset: tensor.offset * size, byteLength: elementCount(shape) * size };
  if (span.byteLength === 0) return { ...span, axes: undefined };
  // An axis of one element may have any stride.
  const wide = shape.flatMap((length, axis) => (length > 1 ? [axis] : []));
  const stored = [...wide].sort((a, b) => required(strides, b) - required(strides, a));
  let expected = 1;
  for (const axis of [...stored].reverse()) {
    if (strides[axis] !== expected) {
      throw new FormatError(
        'TORCH_STRIDES',
        `${where}: tensor "${name}" of shape [${shape.join(', ')}] has strides [${strides.join(', ')}], a part of a larger tensor; save the model again with every tensor made contiguous`,
      );
    }
    expected *= required(shape, axis);
  }
  if (stored.every((axis, i) => axis === wide[i])) return { ...span, axes: undefined };
  const narrow = shape.flatMap((length, axis) => (length > 1 ? [] : [axis]));
  return { ...span, axes: [...narrow, ...stored] };
}

function malformed(where: string, found: string): FormatError {
  return new FormatError(
    'TORCH_TENSOR',
    `${where}: not a sound PyTorch checkpoint: ${found}; the file is damaged, download it again`,
  );
}

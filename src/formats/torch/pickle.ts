/** @file Reads Python pickles as plain data, running nothing: what is not on the caller's list of globals is refused by name (opcodes: Python's pickletools, protocols 0 to 5). */
import { FormatError } from '../../base/errors.ts';
import { containerCost, hashableKey, PickleBudget } from './pickle-limits.ts';
import { PickleReader } from './pickle-reader.ts';

/** Python's tuple, told apart from a list because only tuples cannot change. */
export class PickleTuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** A name that stands for a class or function of Python; what it makes, if it may make anything. */
export class PickleGlobal {
  /** Module and name, such as `torch.FloatStorage`. */
  readonly name: string;
  /** The value of a call with these arguments. Undefined: the name may be mentioned, not called. */
  readonly call: ((args: readonly unknown[]) => unknown) | undefined;

  constructor(name: string, call?: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

export interface PickleOptions {
  /** Names the file in errors. */
  readonly where: string;
  /** Everything the pickle may mention, by module and name. */
  readonly globals: ReadonlyMap<string, PickleGlobal>;
  /** The value of an object kept outside of the pickle. @default refused */
  readonly persistent?: (id: unknown) => unknown;
  /** First byte of the pickle. @default 0 */
  readonly start?: number;
}

export interface PickleResult {
  /** Dictionaries are Maps, sets are Sets, integers beyond 2⁵³ are bigints. */
  readonly value: unknown;
  /** Just after the pickle. */
  readonly end: number;
}

/**
 * Reads one pickle.
 *
 * @throws FormatError PICKLE_UNSAFE naming the global or opcode that is not allowed, PICKLE_TRUNCATED, PICKLE_MALFORMED,
 *   PICKLE_TOO_LARGE where it asks for more work than any checkpoint, PICKLE_TEXT where a text is not UTF-8
 */
export function readPickle(bytes: Uint8Array, options: PickleOptions): PickleResult {
  const reader = new PickleReader(bytes, options.start ?? 0, options.where);
  const machine = new Machine(reader, options);
  for (;;) {
    const at = reader.position;
    const code = reader.byte();
    if (code === stop) return { value: machine.pop(), end: reader.position };
    const operation = operations.get(code) ?? machine.refuseOpcode(code, at);
    machine.spend(1);
    operation(machine, reader);
  }
}

/** Where a group of items begins on the stack. */
const mark = Symbol('mark');

/** The stack and the memo that opcodes work on. */
class Machine {
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();
  readonly #options: PickleOptions;
  readonly #reader: PickleReader;
  readonly #budget: PickleBudget;

  constructor(reader: PickleReader, options: PickleOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#budget = new PickleBudget(options.where);
  }

  /** Counts work, see pickle-limits.ts. */
  spend(work: number): void {
    this.#budget.spend(work);
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    if (this.#stack.length === 0) this.malformed('takes a value from an empty stack');
    const value = this.#stack.pop();
    if (value === mark) this.malformed('takes a mark for a value');
    return value;
  }

  /** The items above the last mark, which goes with them. */
  popToMark(): unknown[] {
    const start = this.#stack.lastIndexOf(mark);
    if (start < 0) this.malformed('looks for a mark that is not there');
    const items = this.#stack.splice(start);
    return items.slice(1);
  }

  top(): unknown {
    const value = this.pop();
    this.push(value);
    return value;
  }

  /** The last value, which has to be of this kind. */
  topAs<T extends object>(kind: new (...args: never[]) => T): T {
    const value = this.top();
    if (value instanceof kind) return value;
    return this.malformed(`adds to what is no ${kind.name}`);
  }

  setItems(items: readonly unknown[]): void {
    if (items.length % 2 !== 0) this.malformed('sets a key without a value');
    const dictionary = this.topAs<Map<unknown, unknown>>(Map);
    const { where } = this.#options;
    for (let i = 0; i < items.length; i += 2) {
      dictionary.set(hashableKey(items[i], where), items[i + 1]);
    }
  }

  pushDictionary(): void {
    this.spend(containerCost);
    this.push(new Map());
  }

  pushSet(items: readonly unknown[]): void {
    this.spend(containerCost);
    this.push(new Set());
    this.addToSet(items);
  }

  addToSet(items: readonly unknown[]): void {
    const set = this.topAs<Set<unknown>>(Set);
    for (const item of items) set.add(hashableKey(item, this.#options.where));
  }

  remember(index: number = this.#memo.size): void {
    this.#memo.set(index, this.top());
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) this.malformed(`recalls value ${index}, which was not remembered`);
    this.push(this.#memo.get(index));
  }

  global(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string') {
      this.malformed('names a global by something other than text');
    }
    const full = `${module}.${name}`;
    const found = this.#options.globals.get(full);
    if (found === undefined) {
      const known = module === '__builtin__' || module === 'builtins' ? ' (a builtin)' : '';
      this.#unsafe(`refers to "${full.slice(0, 200)}"${known}`);
    }
    this.push(found);
  }

  call(): void {
    const args = this.pop();
    const callable = this.pop();
    if (!(args instanceof PickleTuple)) this.malformed('calls with something other than a tuple');
    if (!(callable instanceof PickleGlobal)) this.malformed('calls what is no function');
    if (callable.call === undefined) this.#unsafe(`calls "${callable.name}"`);
    // A list that is remembered can be an argument as often as there are calls.
    this.spend(args.items.reduce((sum: number, each) => sum + itemCount(each), containerCost));
    this.push(callable.call(args.items));
  }

  /** The state of an OrderedDict is its attributes, such as the `_metadata` of a state dict: not items, and dropped. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) this.#unsafe('sets the state of an object (BUILD)');
  }

  persistent(id: unknown): void {
    if (this.#options.persistent === undefined) this.#unsafe('refers to outside data (PERSID)');
    this.push(this.#options.persistent(id));
  }

  refuseOpcode(code: number, at: number): never {
    const name = refusedOpcodes.get(code);
    if (name !== undefined) this.#unsafe(`uses the opcode ${name}`);
    throw new FormatError(
      'PICKLE_MALFORMED',
      `${this.#options.where}: no pickle has the opcode 0x${code.toString(16).padStart(2, '0')}, found at byte ${at}; the file is damaged or no pickle, download it again`,
    );
  }

  malformed(what: string): never {
    throw new FormatError(
      'PICKLE_MALFORMED',
      `${this.#options.where}: the pickle ${what}, before byte ${this.#reader.position}; the file is damaged, download it again`,
    );
  }

  #unsafe(what: string): never {
    throw new FormatError(
      'PICKLE_UNSAFE',
      `${this.#options.where}: the pickle ${what}, which could run code; only tensors in plain containers are read, and nothing was run. Take the .safetensors file of the same model; if you don't know where this file comes from, don't open it with other programs either`,
    );
  }
}

type Operation = (machine: Machine, reader: PickleReader) => void;

const stop = 0x2e;

/** Opcodes that make objects of classes, or need what is not in the file. */
const refusedOpcodes: ReadonlyMap<number, string> = new Map([
  [0x69, 'INST'],
  [0x6f, 'OBJ'],
  [0x81, 'NEWOBJ'],
  [0x82, 'EXT1'],
  [0x83, 'EXT2'],
  [0x84, 'EXT4'],
  [0x92, 'NEWOBJ_EX'],
  [0x97, 'NEXT_BUFFER'],
  [0x98, 'READONLY_BUFFER'],
]);

/** Every byte a character of its own: how Python 2 wrote texts, whatever their encoding was. */
const singleBytes = new TextDecoder('latin1');
const latin1 = (bytes: Uint8Array): string => singleBytes.decode(bytes);

/** Text of protocol 0 as its author's `repr` wrote it: enough for names, escapes stay as they are. */
const unquoted = (text: string): string => text.replace(/^(['"])(.*)\1$/s, '$2');

const table: Readonly<Record<string, Operation>> = {
  // Numbers and constants.
  N: (machine) => machine.push(null),
  '\x88': (machine) => machine.push(true),
  '\x89': (machine) => machine.push(false),
  I: (machine, reader) => machine.push(reader.decimal()),
  L: (machine, reader) => machine.push(reader.decimal()),
  J: (machine, reader) => machine.push(reader.int32()),
  K: (machine, reader) => machine.push(reader.byte()),
  M: (machine, reader) => machine.push(reader.uint16()),
  '\x8a': (machine, reader) => machine.push(reader.integer(reader.byte())),
  '\x8b': (machine, reader) => machine.push(reader.integer(reader.uint32())),
  F: (machine, reader) => machine.push(Number(reader.line())),
  G: (machine, reader) => machine.push(reader.float64()),
  // Texts and bytes.
  S: (machine, reader) => machine.push(unquoted(latin1(reader.lineBytes()))),
  V: (machine, reader) => machine.push(latin1(reader.lineBytes())),
  T: (machine, reader) => machine.push(latin1(reader.bytes(reader.uint32()))),
  U: (machine, reader) => machine.push(latin1(reader.bytes(reader.byte()))),
  X: (machine, reader) => machine.push(reader.utf8(reader.uint32())),
  '\x8c': (machine, reader) => machine.push(reader.utf8(reader.byte())),
  '\x8d': (machine, reader) => machine.push(reader.utf8(reader.uint64())),
  B: (machine, reader) => machine.push(reader.bytes(reader.uint32())),
  C: (machine, reader) => machine.push(reader.bytes(reader.byte())),
  '\x8e': (machine, reader) => machine.push(reader.bytes(reader.uint64())),
  '\x96': (machine, reader) => machine.push(reader.bytes(reader.uint64())),
  // Containers.
  '(': (machine) => machine.push(mark),
  ')': (machine) => machine.push(new PickleTuple([])),
  t: (machine) => machine.push(new PickleTuple(machine.popToMark())),
  '\x85': (machine) => machine.push(new PickleTuple([machine.pop()])),
  '\x86': (machine) => machine.push(tupleOf(machine, 2)),
  '\x87': (machine) => machine.push(tupleOf(machine, 3)),
  ']': (machine) => machine.push([]),
  l: (machine) => machine.push(machine.popToMark()),
  a: (machine) => {
    const item = machine.pop();
    machine.topAs<unknown[]>(Array).push(item);
  },
  e: (machine) => {
    const items = machine.popToMark();
    const list = machine.topAs<unknown[]>(Array);
    for (const item of items) list.push(item);
  },
  '}': (machine) => machine.pushDictionary(),
  d: (machine) => {
    const items = machine.popToMark();
    machine.pushDictionary();
    machine.setItems(items);
  },
  s: (machine) => {
    const value = machine.pop();
    machine.setItems([machine.pop(), value]);
  },
  u: (machine) => machine.setItems(machine.popToMark()),
  '\x8f': (machine) => machine.pushSet([]),
  '\x90': (machine) => machine.addToSet(machine.popToMark()),
  '\x91': (machine) => machine.pushSet(machine.popToMark()),
  // The stack and the memo.
  '0': (machine) => {
    machine.pop();
  },
  '1': (machine) => {
    machine.popToMark();
  },
  '2': (machine) => machine.push(machine.top()),
  p: (machine, reader) => machine.remember(Number(reader.decimal())),
  q: (machine, reader) => machine.remember(reader.byte()),
  r: (machine, reader) => machine.remember(reader.uint32()),
  '\x94': (machine) => machine.remember(),
  g: (machine, reader) => machine.recall(Number(reader.decimal())),
  h: (machine, reader) => machine.recall(reader.byte()),
  j: (machine, reader) => machine.recall(reader.uint32()),
  // What has a name, and what lies outside.
  c: (machine, reader) => machine.global(reader.line(), reader.line()),
  '\x93': (machine) => {
    const name = machine.pop();
    machine.global(machine.pop(), name);
  },
  R: (machine) => machine.call(),
  b: (machine) => machine.build(),
  P: (machine, reader) => machine.persistent(reader.line()),
  Q: (machine) => machine.persistent(machine.pop()),
  // The version, and frames that only group bytes.
  '\x80': (machine, reader) => {
    const version = reader.byte();
    if (version > 5) machine.malformed(`is of protocol ${version}; 5 is the highest known`);
  },
  '\x95': (_machine, reader) => {
    reader.uint64();
  },
};

const operations: ReadonlyMap<number, Operation> = new Map(
  Object.entries(table).map(([character, operation]) => [character.charCodeAt(0), operation]),
);

/** Items of what may be walked through: those of a list, a tuple, a dictionary or a set. */
function itemCount(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (value instanceof PickleTuple) return value.items.length;
  return value instanceof Map || value instanceof Set ? value.size : 1;
}

function tupleOf(machine: Machine, count: number): PickleTuple {
  const items = Array.from({ length: count }, () => machine.pop());
  return new PickleTuple(items.reverse());
}

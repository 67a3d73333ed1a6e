/** @file The passes: what they merge, remove and refuse, and that they change no result. */
import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import {
  add,
  compile,
  constant,
  deduplicate,
  emitProgram,
  Graph,
  gradients,
  input,
  joinPads,
  layerNorm,
  multiply,
  type Program,
  pad,
  print,
  removeDeadCode,
  reshape,
  scalar,
  slice,
  square,
  subtract,
  sum,
  type Value,
  verify,
  weight,
  withGradient,
} from '../../src/graph/index.ts';
import { openSession } from '../../src/runtime/index.ts';
import { float32, int64 } from '../../src/tensor/tensor.ts';

function names(program: Program): string[] {
  return program.graph.nodes.map(({ operation }) => operation.name);
}

function count(program: Program, name: string): number {
  return names(program).filter((each) => each === name).length;
}

describe('deduplication', () => {
  test('merges equal constants, told apart by their bytes and types', () => {
    const graph = new Graph();
    const parts = [
      float32([2], [1, 2]),
      float32([2], [1, 2]),
      float32([2], [1, 3]),
      float32([1, 2], [1, 2]),
      float32([2], [0, 0]),
      float32([2], [-0, 0]),
    ].map((value) => reshape(constant(graph, value), [1, 2]));
    const total = parts.reduce((left, right) => add(left, right));
    const indices = constant(graph, int64([2], [0, 0]));
    const program = deduplicate({ graph, outputs: { total, indices } });
    verify(program);
    expect(count(program, 'constant')).toBe(6);
  });

  test('merges whole computations, also between the forward and the backward pass', () => {
    const graph = new Graph();
    const [x, y] = [input(graph, 'x', 'f32', [2]), input(graph, 'y', 'f32', [2])];
    const left = graph.at('block', () => multiply(add(x, y), 3));
    const right = graph.at("block'", () => multiply(add(x, y), 3));
    const program = deduplicate({ graph, outputs: { z: subtract(left, right) } });
    verify(program);
    expect(names(program).sort()).toEqual([
      'add',
      'constant',
      'input',
      'input',
      'multiply',
      'subtract',
    ]);
  });

  test('keeps apart what differs in order, attributes or name', () => {
    const graph = new Graph();
    const x = input(graph, 'x', 'f32', [4, 4]);
    const outputs = {
      a: subtract(x, weight(graph, 'w', 'f32', [4, 4])),
      b: subtract(weight(graph, 'w', 'f32', [4, 4]), x),
      c: slice(x, 0, 0, 2),
      d: slice(x, 0, 2, 4),
      e: slice(x, 1, 0, 2),
      f: add(x, weight(graph, 'v', 'f32', [4, 4])),
    };
    const program = deduplicate({ graph, outputs });
    expect([count(program, 'subtract'), count(program, 'slice')]).toEqual([2, 3]);
    expect(count(program, 'weight')).toBe(2);
  });

  test('never merges two values that were given gradients of their own', () => {
    const graph = new Graph();
    const x = input(graph, 'x', 'f32', [2]);
    const stated = (factor: number) =>
      withGradient(x, [x], (gradient) => [() => multiply(gradient, factor)]);
    const program = deduplicate({ graph, outputs: { a: stated(1), b: stated(2) } });
    expect(count(program, 'withGradient')).toBe(2);
  });
});

describe('removing dead code', () => {
  test('keeps exactly what the outputs need, in order', () => {
    const graph = new Graph();
    const x = input(graph, 'x', 'f32', [2, 3]);
    const unused = input(graph, 'unused', 'f32', [2, 3]);
    const y = multiply(x, 2);
    add(y, unused);
    const program = removeDeadCode({ graph, outputs: { y } });
    verify(program);
    expect(print(program)).toBe('%0: f32[2, 3] = multiply(input:x, 2)\nreturn y = %0');
    expect([...compile({ graph, outputs: { y } }).inputs.keys()]).toEqual(['x']);
  });

  test('keeps a node of several outputs where one is needed', () => {
    const graph = new Graph();
    const x = input(graph, 'x', 'f32', [2, 3]);
    const ones = constant(graph, float32([3], [1, 1, 1]));
    const [, average = x] = layerNorm(x, ones, undefined, 1e-5).node.outputs;
    const program = removeDeadCode({ graph, outputs: { average } });
    verify(program);
    expect(count(program, 'layerNorm')).toBe(1);
    expect(program.outputs.average?.shape).toEqual([2, 1]);
  });
});

function noWeight(): never {
  throw new Error('the program has no weights');
}

describe('joining padded values', () => {
  /** The gradient of parts of x, [2, 9] along its last axis: what of it is left to add and to pad? */
  function ofParts(bounds: readonly (readonly [number, number])[]) {
    const graph = new Graph();
    const x = input(graph, 'x', 'f32', [2, 9]);
    const total = bounds
      .map(([start, end]) => sum(square(slice(x, 1, start, end)), [0, 1]))
      .reduce((a, b) => add(a, b));
    const [gradient = x] = gradients(reshape(total, []), [x]);
    const program = { graph, outputs: { gradient } };
    const joined = removeDeadCode(joinPads(program));
    verify(joined);
    const left = ['pad', 'concatenate'].map((name) => count(joined, name));
    return { program, joined, left };
  }

  test.each([
    {
      bounds: [
        [0, 4],
        [4, 9],
      ],
      left: [0, 1],
    }, // a gate
    {
      bounds: [
        [4, 9],
        [0, 4],
      ],
      left: [0, 1],
    },
    {
      bounds: [
        [0, 3],
        [3, 6],
        [6, 9],
      ],
      left: [0, 2],
    }, // queries, keys, values
    {
      bounds: [
        [1, 3],
        [3, 6],
      ],
      left: [1, 1],
    },
    {
      bounds: [
        [0, 4],
        [5, 9],
      ],
      left: [2, 0],
    },
    {
      bounds: [
        [0, 5],
        [4, 9],
      ],
      left: [2, 0],
    },
  ] as const)('of $bounds', async ({ bounds, left: expected }) => {
    const { program, joined, left } = ofParts(bounds);
    expect(left).toEqual(expected);
    const x = float32(
      [2, 9],
      Array.from({ length: 18 }, (_, i) => i + 1),
    );
    const [one, other] = await Promise.all(
      [program, joined].map(async ({ graph, outputs }) => {
        await using session = await openSession(emitProgram({ graph, outputs }, noWeight));
        return (await session.run({ x })).get('gradient');
      }),
    );
    expect(other).toEqual(one);
  });

  test('no sum that repeats one of them', () => {
    const graph = new Graph();
    const [x, y] = [input(graph, 'x', 'f32', [1]), input(graph, 'y', 'f32', [3, 1])];
    const program = joinPads({ graph, outputs: { z: add(pad(x, 0, 0, 1), pad(y, 0, 1, 0)) } });
    expect(count(program, 'concatenate')).toBe(0);
  });
});

describe('a broken program is found out:', () => {
  function program() {
    const graph = new Graph();
    const x = input(graph, 'x', 'f32', [2, 3]);
    const y = graph.at('block', () => sum(multiply(x, x), [1]));
    return { graph, outputs: { y } };
  }

  test('a sound one passes', () => expect(() => verify(program())).not.toThrow());

  test('a value used before it is computed', () => {
    const broken = program();
    broken.graph.nodes.reverse();
    expect(() => verify(broken)).toThrow('block sum: %1 is used before it is computed');
    expect(() => deduplicate(broken)).toThrow('used before it is computed');
  });

  test('a type that its operation does not infer', () => {
    const broken = program();
    const last = broken.graph.nodes.pop();
    if (last === undefined) throw new Error('no node');
    const outputs = last.outputs.map((value) => ({ ...value, shape: [2] }));
    broken.graph.nodes.push({ ...last, outputs });
    expect(() => verify(broken)).toThrow('block sum: output 0 is f32[2], inferred f32[2, 1]');
  });

  test('an output that no node computes', () => {
    const { graph } = program();
    const other = program().outputs.y;
    expect(() => verify({ graph, outputs: { other } })).toThrow('output other is not computed');
  });

  test('values of two graphs in one node', () => {
    expect(() => add(program().outputs.y, program().outputs.y)).toThrow(
      'mixes values of two graphs',
    );
  });

  test('one name for two things', () => {
    const graph = new Graph();
    const [x, y] = [input(graph, 'x', 'f32', [2]), input(graph, 'x', 'f32', [1])];
    const twice = (outputs: Program['outputs']) =>
      expect(() => compile({ graph, outputs })).toThrow(
        expect.objectContaining({ code: 'NAME_TWICE' }),
      );
    twice({ y: add(x, y) });
    twice({ x: multiply(x, 2) });
  });
});

/** A value of a program and what it is for x = 0.75, in plain float32 arithmetic. */
interface Computed {
  readonly value: Value;
  readonly number: number;
}

const kinds = [
  { apply: add, on: (a: number, b: number) => a + b },
  { apply: subtract, on: (a: number, b: number) => a - b },
  { apply: multiply, on: (a: number, b: number) => a * b },
];

/** A random straight-line program over x. Few operands are drawn from, so that computations come up again. */
function randomProgram(seed: number): { program: Program; expected: Record<string, number> } {
  const generator = new TorchGenerator(seed);
  const pick = <T>(from: readonly T[]): T => {
    const [index = 0] = generator.randint(0, from.length, 1);
    const picked = from[index];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  };
  const graph = new Graph();
  const computed: Computed[] = [
    { value: input(graph, 'x', 'f32', []), number: 0.75 },
    { value: scalar(graph, 0.5), number: 0.5 },
  ];
  for (let i = 0; i < 12; i++) {
    const { apply, on } = pick(kinds);
    const [left, right] = [pick(computed.slice(0, 4)), pick(computed)];
    const number = Math.fround(on(left.number, right.number));
    computed.push({ value: apply(left.value, right.value), number });
  }
  const outputs: Record<string, Value> = {};
  const expected: Record<string, number> = {};
  // The first is x, which is fed even where nothing else needs it.
  [computed[0] ?? pick(computed), pick(computed), pick(computed)].forEach(
    ({ value, number }, i) => {
      outputs[`out${i}`] = value;
      expected[`out${i}`] = number;
    },
  );
  return { program: { graph, outputs }, expected };
}

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'a program computes the same after the passes, to the bit: random program %i',
  async (seed) => {
    const { program, expected } = randomProgram(seed);
    const passed = removeDeadCode(deduplicate(program));
    verify(passed);
    expect(passed.graph.nodes.length).toBeLessThanOrEqual(program.graph.nodes.length);
    await using session = await openSession(compile(program), { threads: 1 });
    const results = await session.run({ x: float32([], [0.75]) });
    for (const [name, value] of Object.entries(expected)) {
      expect(results.get(name).data[0]).toBe(value);
    }
  },
);

/** @file Emission: a program as an ONNX model, with weights left in their own files. */
import { invariant, ShapeError } from '../base/errors.ts';
import { required } from '../base/required.ts';
import {
  encodeOnnx,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxValue,
} from '../formats/onnx.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { flops } from './flops.ts';
import type { Emission, Program, Value, ValueType } from './graph.ts';
import { castAtUse } from './passes/cast-at-use.ts';
import { removeDeadCode } from './passes/dead-code.ts';
import { deduplicate, tensorKey } from './passes/deduplicate.ts';
import { eightBitProducts } from './passes/eight-bit-products.ts';
import { joinPads } from './passes/join-pads.ts';
import { defaultTarget, type Target } from './target.ts';

/** Where a weight's bytes lie. */
export interface WeightLocation {
  /** File name relative to the folder that the session will be given. */
  readonly file: string;
  readonly offset: number;
  readonly byteLength: number;
}

/** An ONNX model and what it takes and gives. */
export interface CompiledProgram {
  readonly model: Uint8Array<ArrayBuffer>;
  readonly inputs: ReadonlyMap<string, ValueType>;
  readonly outputs: ReadonlyMap<string, ValueType>;
  /** The files that its weights lie in, as WeightLocation names them; each once. */
  readonly files: readonly string[];
  /** Floating-point operations of one run. */
  readonly flops: number;
}

export interface CompileOptions {
  /**
   * The session will keep weights in their stored precision, so widen them wherever they are used.
   * @default false
   */
  readonly weightsInPlace?: boolean;
  /** What will run the program. @default the CPU */
  readonly target?: Target;
}

/**
 * Compiles a program: dead code removed, repeated work merged, written as ONNX.
 *
 * @param locate where each weight lies; weights are written as references into these files, never copied.
 * @throws ShapeError NAME_TWICE where two inputs, weights or outputs share a name
 */
export function compile(
  program: Program,
  locate: (weight: string) => WeightLocation = noWeights,
  { weightsInPlace = false, target = defaultTarget }: CompileOptions = {},
): CompiledProgram {
  return emitProgram(simplify(program, { weightsInPlace }), locate, { target });
}

/** Writes a program that is simplified already as ONNX; see compile(). */
export function emitProgram(
  program: Program,
  locate: (weight: string) => WeightLocation,
  { target = defaultTarget }: Pick<CompileOptions, 'target'> = {},
): CompiledProgram {
  const { graph, outputs } = program;
  const writer = new Writer(locate, target);
  const names = new Map<Value, string>();
  const nameOf = (value: Value): string => {
    const name = names.get(value);
    invariant(name !== undefined, 'a value is used before it is computed');
    return name;
  };
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(nameOf);
    const results = node.operation.emit(writer.emissionFor(node), ...inputs);
    invariant(results.length === node.outputs.length, `${node.operation.name} emitted too little`);
    for (const [i, output] of node.outputs.entries()) names.set(output, required(results, i));
  }
  for (const [name, value] of Object.entries(outputs)) writer.output(name, value, names.get(value));
  return { ...writer.finish(), flops: flops(program) };
}

/**
 * A program as it will be run: dead code removed, repeated work merged, products with weights in eight bits chosen, stored
 * weights widened at each use. What is still to be differentiated is not simplified so far.
 */
export function simplify(
  program: Program,
  { weightsInPlace = false }: Pick<CompileOptions, 'weightsInPlace'> = {},
): Program {
  const merged = eightBitProducts(removeDeadCode(joinPads(deduplicate(program))));
  return weightsInPlace ? castAtUse(merged) : merged;
}

function noWeights(name: string): WeightLocation {
  throw new Error(`internal: the program uses the weight ${name}, but no place was given for it`);
}

/** Elements of constants that are looked for among those before, such as shapes and axes; others are equal to none. */
const mostShared = 64;

class Writer {
  readonly #locate: (weight: string) => WeightLocation;
  readonly #target: Target;
  readonly #nodes: OnnxNode[] = [];
  readonly #inputs = new Map<string, ValueType>();
  readonly #outputs = new Map<string, ValueType>();
  readonly #initializers: OnnxInitializer[] = [];
  readonly #constants = new Map<string, string>();
  /** What a reshaped value is a view of, and the views by that and their shape. */
  readonly #sources = new Map<string, string>();
  readonly #views = new Map<string, string>();
  /** Values inside the program that leave it under a name of their own. */
  readonly #named = new Map<string, string>();
  readonly #files = new Set<string>();
  readonly #names = new Set<string>();
  #next = 0;

  constructor(locate: (weight: string) => WeightLocation, target: Target) {
    this.#locate = locate;
    this.#target = target;
  }

  emissionFor({ inputs, outputs, location, operation }: Value['node']): Emission {
    const place = `${location}/${operation.name}`;
    return {
      inputs,
      outputs,
      target: this.#target,
      node: (type, given, attributes = {}) =>
        type === 'Reshape'
          ? this.#reshape(place, given)
          : required(this.#append(place, type, given, 1, attributes), 0),
      nodes: (type, given, count, attributes = {}) =>
        this.#append(place, type, given, count, attributes),
      constant: (value) => this.#constant(value),
      input: (name, type) => {
        this.#claim(name);
        this.#inputs.set(name, type);
        return name;
      },
      weight: (name, { dtype, shape }) => {
        this.#claim(name);
        const place = this.#locate(name);
        this.#files.add(place.file);
        this.#initializers.push({ name, dtype, shape, ...place });
        return name;
      },
    };
  }

  /** A value under two names, and one that no node computes, is copied. */
  output(name: string, type: ValueType, from = ''): void {
    this.#claim(name);
    this.#outputs.set(name, type);
    if (isInside(from) && !this.#named.has(from)) this.#named.set(from, name);
    else
      this.#nodes.push({ name, type: 'Identity', inputs: [from], outputs: [name], attributes: {} });
  }

  finish(): Omit<CompiledProgram, 'flops'> {
    const nodes = this.#neededBackwards();
    const used = new Set(nodes.flatMap(({ inputs }) => inputs));
    const model = encodeOnnx({
      name: 'program',
      nodes,
      initializers: this.#initializers.filter(({ name }) => used.has(name)),
      inputs: valuesOf(this.#inputs),
      outputs: valuesOf(this.#outputs),
    });
    return { model, inputs: this.#inputs, outputs: this.#outputs, files: [...this.#files] };
  }

  /**
   * The nodes that the outputs need, of which views of views may have left some, under the outputs' names and backwards:
   * ONNX Runtime sorts them itself, depth first from the last leaf, and so meets them in our order and lets go of each
   * value as early as we would (docs/pitfalls.md).
   */
  #neededBackwards(): readonly OnnxNode[] {
    const nameOf = (value: string) => this.#named.get(value) ?? value;
    const needed = new Set(this.#outputs.keys());
    const nodes: OnnxNode[] = [];
    for (const node of this.#nodes.reverse()) {
      const outputs = node.outputs.map(nameOf);
      if (!outputs.some((output) => needed.has(output))) continue;
      const inputs = node.inputs.map(nameOf);
      for (const input of inputs) needed.add(input);
      nodes.push({ ...node, inputs, outputs });
    }
    return nodes;
  }

  /** Inputs, weights and outputs share one space of names in ONNX; "%" keeps values inside the program out of it. */
  #claim(name: string): void {
    if (this.#names.has(name)) {
      throw new ShapeError(
        'NAME_TWICE',
        `the program has two different inputs, weights or outputs named "${name}"; rename one`,
      );
    }
    this.#names.add(name);
  }

  #append(
    place: string,
    type: string,
    inputs: readonly string[],
    count: number,
    attributes: OnnxNode['attributes'],
  ): string[] {
    const id = this.#next++;
    const outputs = Array.from({ length: count }, (_, i) => `%${id}.${i}`);
    this.#nodes.push({ name: `${place}/${id}`, type, inputs, outputs, attributes });
    return outputs;
  }

  /** A view of a view is one of the same source, and equal views are one, for the reason given at #constant(). */
  #reshape(place: string, [x = '', shape = '']: readonly string[]): string {
    const source = this.#sources.get(x) ?? x;
    const key = `${source} ${shape}`;
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const view = required(this.#append(place, 'Reshape', [source, shape], 1, {}), 0);
    this.#sources.set(view, source);
    this.#views.set(key, view);
    return view;
  }

  /** Small ones that are equal are one: ONNX Runtime would merge them too, and infer the whole graph again for it. */
  #constant(value: Tensor): string {
    const key = value.data.length <= mostShared ? tensorKey(value) : undefined;
    const known = key && this.#constants.get(key);
    if (known !== undefined) return known;
    const name = `%constant.${this.#next++}`;
    if (key !== undefined) this.#constants.set(key, name);
    this.#initializers.push({ name, value });
    return name;
  }
}

/** Whether a node computes the value, rather than that it comes from outside or is constant. */
function isInside(value: string): boolean {
  return /^%\d/.test(value);
}

function valuesOf(types: ReadonlyMap<string, ValueType>): OnnxValue[] {
  return [...types].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
}

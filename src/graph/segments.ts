/** @file Gradient checkpointing (Chen et al. 2016): a step cut into segments, each of which computes forward once to hand
 * on what later segments need, and once more together with its own backward pass. Only one segment's activations are
 * alive at a time. Every pass is a program of its own, because inside one graph a repeated computation would be merged.
 */
import { required } from '../base/required.ts';
import { activeValues, type Seed, vectorJacobian } from './autodiff.ts';
import { Graph, type Node, type Program, type Value } from './graph.ts';
import { byteSize } from './memory.ts';
import { input, scalar } from './ops/leaf.ts';

/** The forward half of a step. */
export interface ForwardStep {
  readonly program: Program;
  /** Which output is the loss. */
  readonly loss: string;
  /** Names of the inputs to differentiate with respect to. */
  readonly parameters: ReadonlySet<string>;
}

/** The two programs of a segment; the last one needs no forward pass of its own, the first may need no backward. */
export interface Segment {
  readonly forward: Program | undefined;
  readonly backward: Program | undefined;
}

/** Name of a gradient among the outputs, and of one handed from segment to segment. */
export function gradientName(name: string): string {
  return `gradient of ${name}`;
}

/** Cuts a step into `count` segments of about equal activations, where little has to be handed over. */
export function segmentStep(step: ForwardStep, count: number): readonly Segment[] {
  const { graph, outputs } = step.program;
  const nodes = graph.nodes.filter((node) => node.inputs.length > 0);
  const bounds = [0, ...chooseCuts(nodes, count), nodes.length];
  const parameters = graph.nodes.flatMap((node) => (isParameter(node, step) ? node.outputs : []));
  const active = activeValues(graph.nodes, parameters);
  const wanted = new Map(Object.entries(outputs).map(([name, value]) => [value, name]));
  return bounds.slice(0, -1).map((start, i) => {
    const end = required(bounds, i + 1);
    const own = nodes.slice(start, end);
    const later = new Set(nodes.slice(end).flatMap((node) => node.inputs));
    const handedOn = own.flatMap((node) => node.outputs).filter((value) => later.has(value));
    const last = end === nodes.length;
    const part = { own, handedOn, active, wanted, step };
    return { forward: last ? undefined : forwardProgram(part), backward: backwardProgram(part) };
  });
}

function isParameter({ operation }: Node, { parameters }: ForwardStep): boolean {
  return operation.name === 'input' && parameters.has(String(operation.attributes.name));
}

/** Node indices to cut before: near equal shares of activation bytes, at the place where the fewest bytes cross. */
function chooseCuts(nodes: readonly Node[], count: number): number[] {
  const crossing = crossingBytes(nodes);
  const cumulative: number[] = [];
  let total = 0;
  for (const node of nodes) {
    total += node.outputs.reduce((sum, output) => sum + byteSize(output), 0);
    cumulative.push(total);
  }
  const window = total / (4 * count);
  const cuts = Array.from({ length: count - 1 }, (_, k) => {
    const target = ((k + 1) * total) / count;
    let best = -1;
    for (let i = 1; i < nodes.length; i++) {
      if (Math.abs(required(cumulative, i - 1) - target) > window) continue;
      if (best < 0 || required(crossing, i) < required(crossing, best)) best = i;
    }
    return best;
  });
  return [...new Set(cuts.filter((cut) => cut > 0))].sort((a, b) => a - b);
}

/** Bytes of the values that are computed before each node and used at or after it. */
function crossingBytes(nodes: readonly Node[]): number[] {
  const made = new Map<Value, number>();
  const used = new Map<Value, number>();
  nodes.forEach((node, i) => {
    for (const output of node.outputs) made.set(output, i);
    for (const value of node.inputs) used.set(value, i);
  });
  const change = new Array<number>(nodes.length + 1).fill(0);
  for (const [value, at] of made) {
    const last = used.get(value) ?? at;
    change[at + 1] = required(change, at + 1) + byteSize(value);
    change[last + 1] = required(change, last + 1) - byteSize(value);
  }
  let sum = 0;
  return change.map((bytes) => {
    sum += bytes;
    return sum;
  });
}

interface Part {
  readonly own: readonly Node[];
  /** Values of this segment that later ones use. */
  readonly handedOn: readonly Value[];
  /** Values of the whole step that depend on a parameter. */
  readonly active: ReadonlySet<Value>;
  /** Outputs of the whole step. */
  readonly wanted: ReadonlyMap<Value, string>;
  readonly step: ForwardStep;
}

/** A segment's nodes in a graph of their own; what earlier segments hand over becomes an input. */
function copySegment({ own }: Part): { readonly graph: Graph; readonly copies: Map<Value, Value> } {
  const graph = new Graph();
  const copies = new Map<Value, Value>();
  const copyOf = (value: Value): Value => {
    const known = copies.get(value);
    if (known !== undefined) return known;
    const isLeaf = value.node.inputs.length === 0;
    const copy = isLeaf
      ? graph.apply1(value.node.operation, [])
      : input(graph, handedName(value), value.dtype, value.shape);
    copies.set(value, copy);
    return copy;
  };
  for (const node of own) {
    const outputs = graph.copy(node, node.inputs.map(copyOf));
    node.outputs.forEach((output, i) => {
      const copy = outputs[i];
      if (copy !== undefined) copies.set(output, copy);
    });
  }
  return { graph, copies };
}

function handedName(value: Value): string {
  return `value ${value.id}`;
}

function forwardProgram(part: Part): Program {
  const { graph, copies } = copySegment(part);
  return { graph, outputs: named(part, copies) };
}

/** What a segment's forward pass gives: values for later segments, and outputs of the step that lie in it. */
function named({ own, handedOn, wanted }: Part, copies: ReadonlyMap<Value, Value>) {
  const results: Record<string, Value> = {};
  for (const value of handedOn) results[handedName(value)] = copies.get(value) ?? value;
  for (const value of own.flatMap((node) => node.outputs)) {
    const name = wanted.get(value);
    if (name !== undefined) results[name] = copies.get(value) ?? value;
  }
  return results;
}

/** Forward again and backward, from the gradients of what was handed on to those of what came in. */
function backwardProgram(part: Part): Program | undefined {
  const { own, handedOn, active, wanted, step } = part;
  const { graph, copies } = copySegment(part);
  const computed = new Set(own.flatMap((node) => node.outputs));
  const incoming = [...copies].filter(([value]) => !computed.has(value) && active.has(value));
  if (incoming.length === 0) return undefined;
  const seeds: Seed[] = [];
  for (const value of handedOn) {
    const copy = copies.get(value);
    if (copy === undefined || !active.has(value)) continue;
    const name = gradientName(handedName(value));
    seeds.push([copy, input(graph, name, value.dtype, value.shape)]);
  }
  const results: Record<string, Value> = {};
  const isLast = [...wanted].some(([value, name]) => name === step.loss && computed.has(value));
  if (isLast) {
    Object.assign(results, named({ ...part, handedOn: [] }, copies));
    const loss = results[step.loss];
    if (loss !== undefined) seeds.push([loss, scalar(graph, 1)]);
  }
  const gradients = vectorJacobian(
    seeds,
    incoming.map(([, copy]) => copy),
  );
  incoming.forEach(([value], i) => {
    const gradient = gradients[i];
    const leaf = isParameter(value.node, step)
      ? String(value.node.operation.attributes.name)
      : undefined;
    if (gradient !== undefined) results[gradientName(leaf ?? handedName(value))] = gradient;
  });
  return { graph, outputs: results };
}

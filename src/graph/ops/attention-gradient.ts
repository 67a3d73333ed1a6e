/** @file The gradients of attention, which form its map again in parts that stay in the cache. */
import { lastOf } from '../../base/required.ts';
import { axisSize, type Value } from '../graph.ts';
import { add, multiply, negate, subtract } from './arithmetic.ts';
import { expand, reshape, sum } from './broadcast.ts';
import { joinHeads, splitHeads } from './heads.ts';
import { scalar } from './leaf.ts';
import { matmul, rowsOf } from './matmul.ts';
import { after } from './order.ts';
import { product } from './product-chain.ts';
import { softmax } from './reduce.ts';
import { concatenate, slice, transpose } from './shape.ts';

export interface AttentionGradient {
  readonly gradient: Value; // [N, T, C]
  readonly output: Value; // [N, T, C]
  readonly query: Value; // [N, T, C]
  readonly key: Value; // [N, S, C]
  readonly value: Value; // [N, S, C]
  readonly heads: number;
}

/** Gradients of query, key and value. */
export type Gradients = readonly [Value, Value, Value];

/** Bytes of maps of float32 [T, S]. */
export interface MapSizes {
  /** From a map so large on, heads are taken one after another. */
  readonly apartFrom: number;
  /** Largest part of the maps of all heads, formed at once. */
  readonly ofAllHeads: number;
  /** Largest part of a head's own map. */
  readonly ofOneHead: number;
}

/**
 * Against all heads at once, heads one after another take 0.78 of the processor's time at 4,096 tokens, 0.84 at 1,024,
 * 0.93 at 576, and no less below that, nor where 77 tokens of a text are looked at. With these sizes both forms have
 * as many nodes; parts of 4 MB are as fast as those of 8 MB, and twice as many.
 */
export const measuredSizes: MapSizes = {
  apartFrom: 2 * 2 ** 20,
  ofAllHeads: 16 * 2 ** 20,
  ofOneHead: 8 * 2 ** 20,
};

/**
 * The map P is formed again, a chunk of query rows at a time (Dao et al. 2022, appendix B.2): with Δ = Σ(dO ⊙ O),
 *   dV = Pᵀ dO,  dS = P ⊙ (dO Vᵀ − Δ),  dQ = dS K/√d,  dK = dSᵀ Q/√d.
 */
export function attentionGradients(given: AttentionGradient, sizes = measuredSizes): Gradients {
  const mapBytes = 4 * axisSize(given.query, 1) * axisSize(given.key, 1);
  return mapBytes < sizes.apartFrom
    ? ofAllHeads(given, sizes.ofAllHeads)
    : headAfterHead(given, sizes.ofOneHead);
}

/** Query rows whose part of a map of float32 is within so many bytes; one at least. */
export function rowsWithin(bytes: number, elementsPerRow: number): number {
  return Math.max(1, Math.floor(bytes / (4 * elementsPerRow)));
}

function ofAllHeads(given: AttentionGradient, bytes: number): Gradients {
  const { heads } = given;
  const [batch = 1, tokens = 1, channels = 1] = given.query.shape;
  const scale = (channels / heads) ** -0.5;
  const query = multiply(splitHeads(given.query, heads), scale); // [N, h, T, d]
  const key = splitHeads(given.key, heads); // [N, h, S, d]
  const value = splitHeads(given.value, heads);
  const gradient = splitHeads(given.gradient, heads); // [N, h, T, d]
  // Turned once, for all chunks: [N, h, d, S].
  const turnedKey = transpose(key, [0, 1, 3, 2]);
  const turnedValue = transpose(value, [0, 1, 3, 2]);
  const correction = sum(multiply(gradient, splitHeads(given.output, heads)), [3]); // Δ: [N, h, T, 1]
  const rows = Math.min(tokens, rowsWithin(bytes, batch * heads * axisSize(key, 2)));
  const queryParts: Value[] = [];
  let keySum: Value | undefined;
  let valueSum: Value | undefined;
  for (let start = 0; start < tokens; start += rows) {
    const end = Math.min(tokens, start + rows);
    const part = (x: Value) => slice(x, 2, start, end);
    // A chunk begins when the one before is done: else all maps would be formed first and kept.
    const done = [keySum, valueSum, queryParts.at(-1)].filter((value) => value !== undefined);
    const own = after(part(query), done);
    const weights = softmax(matmul(own, turnedKey)); // P: [N, h, rows, S]
    const inner = matmul(after(part(gradient), done), turnedValue);
    const scores = multiply(weights, subtract(inner, part(correction))); // dS
    queryParts.push(matmul(scores, key));
    keySum = plus(keySum, matmul(scores, own, { transposeA: true }));
    valueSum = plus(valueSum, matmul(weights, part(gradient), { transposeA: true }));
  }
  return [
    joinHeads(multiply(concatenate(queryParts, 2), scale)),
    joinHeads(keySum ?? key),
    joinHeads(valueSum ?? value),
  ];
}

function plus(total: Value | undefined, part: Value): Value {
  return total === undefined ? part : add(total, part);
}

/** What the gradients follow from, of all heads: matrices with a row for each token, head below head. */
interface Stacked {
  readonly query: Value; // Q/√d: [N·h·T, d]
  readonly gradient: Value; // dO: [N·h·T, d]
  readonly corrected: Value; // (dO, −Δ): [N·h·T, d + 1]
  readonly key: Value; // K: [N·h·S, d]
  readonly value: Value; // (V, 1): [N·h·S, d + 1]
}

/**
 * Products of matrices instead of stacks of them, each of which all threads share. dV and dK add up inside of their
 * products, and (dO, −Δ)(V, 1)ᵀ = dO Vᵀ − Δ spares a pass over the map.
 */
function headAfterHead({ heads, ...given }: AttentionGradient, bytes: number): Gradients {
  const [batch = 1, tokens = 1, channels = 1] = given.query.shape;
  const keys = axisSize(given.key, 1);
  const scale = (channels / heads) ** -0.5;
  const value = splitHeads(given.value, heads);
  const gradient = splitHeads(given.gradient, heads);
  const correction = sum(multiply(gradient, splitHeads(given.output, heads)), [3]); // Δ: [N, h, T, 1]
  const ones = expand(scalar(value.graph, 1), [batch, heads, keys, 1]);
  const stacked: Stacked = {
    query: stack(splitHeads(multiply(given.query, scale), heads)),
    gradient: stack(gradient),
    corrected: stack(concatenate([gradient, negate(correction)], 3)),
    key: stack(splitHeads(given.key, heads)),
    value: stack(concatenate([value, ones], 3)),
  };
  const sizes = { tokens, keys, rows: rowsWithin(bytes, keys) };
  const found: HeadGradients[] = [];
  for (let head = 0; head < batch * heads; head++) {
    found.push(ofHead(stacked, head, sizes, found.at(-1)));
  }
  const joined = (parts: readonly Value[], rows: number) => {
    const whole = concatenate(parts, 0); // [N·h·rows, d]
    return joinHeads(reshape(whole, [batch, heads, rows, axisSize(whole, 1)]));
  };
  const queryParts = found.flatMap(({ query }) => query);
  const keyParts = found.map(({ key }) => key);
  const valueParts = found.map(({ value }) => value);
  return [
    multiply(joined(queryParts, tokens), scale),
    joined(keyParts, keys),
    joined(valueParts, keys),
  ];
}

/** [N, h, T, d] → [N·h·T, d] */
function stack(x: Value): Value {
  return rowsOf(x, axisSize(x, 3));
}

/** Of one head of one sample, before the scale of the query. */
interface HeadGradients {
  readonly query: readonly Value[]; // chunks of [T, d]
  readonly key: Value; // [S, d]
  readonly value: Value; // [S, d]
}

interface HeadSizes {
  readonly tokens: number;
  readonly keys: number;
  /** Of a chunk. */
  readonly rows: number;
}

/**
 * A chunk begins when the one before is done, in the same head or the one before: else all maps would be formed first
 * and kept. Its dQ waits for dK, and what the next one forms first for dQ and dV.
 */
function ofHead(
  stacked: Stacked,
  head: number,
  { tokens, keys, rows }: HeadSizes,
  before: HeadGradients | undefined,
): HeadGradients {
  const ofKeys = (x: Value) => slice(x, 0, head * keys, (head + 1) * keys);
  const key = ofKeys(stacked.key);
  const value = ofKeys(stacked.value);
  const query: Value[] = [];
  let done = before && { query: lastOf(before.query), value: before.value };
  let keySum: Value | undefined;
  let valueSum: Value | undefined;
  for (let start = 0; start < tokens; start += rows) {
    const end = Math.min(tokens, start + rows);
    const part = (x: Value) => slice(x, 0, head * tokens + start, head * tokens + end);
    const own = part(stacked.query);
    const weights = softmax(product(own, key, { transposeB: true, after: done?.query })); // P: [rows, S]
    const corrected = part(stacked.corrected);
    const inner = product(corrected, value, { transposeB: true, after: done?.value });
    const scores = multiply(weights, inner); // dS
    valueSum = product(weights, part(stacked.gradient), { transposeA: true, plus: valueSum });
    keySum = product(scores, own, { transposeA: true, plus: keySum });
    const ownGradient = product(scores, key, { after: keySum });
    query.push(ownGradient);
    done = { query: ownGradient, value: valueSum };
  }
  return { query, key: keySum ?? key, value: valueSum ?? value };
}

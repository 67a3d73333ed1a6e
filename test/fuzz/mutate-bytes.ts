/** @file Damage to any file: bits, numbers, lengths, order. */
import type { Random } from './random.ts';

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts));

/** Numbers at which sizes, offsets and counts go wrong. */
const awkward = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
].concat([2n ** 31n + 7n, 2n ** 52n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 64n - 1n]);

/** A place near the start as often as anywhere: headers decide more than contents. */
function place(bytes: Uint8Array, random: Random): number {
  const limit = random.chance(0.5) ? Math.min(bytes.length, 512) : bytes.length;
  return random.below(limit + 1);
}

function range(bytes: Uint8Array, random: Random): { from: number; to: number } {
  const from = place(bytes, random);
  return { from, to: Math.min(bytes.length, from + 1 + random.below(64)) };
}

const flipBits: Mutation = (bytes, random) => {
  const changed = bytes.slice();
  for (let left = 1 + random.below(8); left > 0; left--) {
    const at = place(bytes, random);
    if (at < changed.length) changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
  }
  return changed;
};

const setByte: Mutation = (bytes, random) => {
  const changed = bytes.slice();
  const at = place(bytes, random);
  if (at < changed.length)
    changed[at] = random.pick([0, 1, 0x0a, 0x20, 0x22, 0x7f, 0x80, 0xc3, 0xff]);
  return changed;
};

const setNumber: Mutation = (bytes, random) => {
  const changed = bytes.slice();
  const size = random.pick([2, 4, 8]);
  const at = Math.min(place(bytes, random), changed.length - size);
  if (at < 0) return changed;
  let value = BigInt.asUintN(size * 8, random.pick(awkward));
  const isLittle = random.chance(0.5);
  for (let i = 0; i < size; i++) {
    changed[isLittle ? at + i : at + size - 1 - i] = Number(value & 0xffn);
    value >>= 8n;
  }
  return changed;
};

const cutShort: Mutation = (bytes, random) => bytes.slice(0, place(bytes, random));

const cutOut: Mutation = (bytes, random) => {
  const { from, to } = range(bytes, random);
  return joined(bytes.subarray(0, from), bytes.subarray(to));
};

const repeat: Mutation = (bytes, random) => {
  const { from, to } = range(bytes, random);
  const times = random.pick([1, 2, 50]);
  const parts = Array.from({ length: times }, () => bytes.subarray(from, to));
  return joined(bytes.subarray(0, to), ...parts, bytes.subarray(to));
};

const insert: Mutation = (bytes, random) => {
  const at = place(bytes, random);
  return joined(bytes.subarray(0, at), random.bytes(1 + random.below(16)), bytes.subarray(at));
};

const blank: Mutation = (bytes, random) => {
  const { from, to } = range(bytes, random);
  const changed = bytes.slice();
  changed.fill(random.pick([0, 0xff, 0x20]), from, to);
  return changed;
};

const append: Mutation = (bytes, random) => joined(bytes, random.bytes(1 + random.below(64)));
const empty: Mutation = () => new Uint8Array();
const noise: Mutation = (_, random) => random.bytes(random.below(256));

const usual = [flipBits, setByte, setNumber, cutShort, cutOut, repeat, insert, blank, append];

/** One to four kinds of damage; now and then nothing of the file is left. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.chance(0.02)) return random.pick([empty, noise])(bytes, random);
  let changed = bytes;
  for (let left = 1 + random.below(4); left > 0; left--) {
    changed = random.pick(usual)(changed, random);
  }
  return changed;
}

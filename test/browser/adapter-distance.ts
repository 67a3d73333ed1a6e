/** @file How far two adapters' files are from each other. */
import { expect } from 'vitest';
import { decodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';

export function tensorsOf(bytes: Uint8Array): ReadonlyMap<string, Tensor> {
  return decodeSafetensors(new Uint8Array(bytes), 'adapter').tensors;
}

/** The norm of all differences, relative to the norm of what is expected. */
export function distance(
  found: ReadonlyMap<string, Tensor>,
  expected: ReadonlyMap<string, Tensor>,
): number {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  let difference = 0;
  let norm = 0;
  for (const [name, { data }] of expected) {
    const other = found.get(name)?.data ?? [];
    for (const [i, value] of data.entries()) {
      difference += (Number(other[i]) - Number(value)) ** 2;
      norm += Number(value) ** 2;
    }
  }
  return Math.sqrt(difference / norm);
}

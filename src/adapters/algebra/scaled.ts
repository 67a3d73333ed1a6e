/** @file Factors of ΔW that are a number. */
import { multiply, type Value } from '../../graph/index.ts';

/** x times a number; x itself where that is 1. */
export function scaled(x: Value, factor: number): Value {
  return factor === 1 ? x : multiply(x, factor);
}

/** @file Attention whose gradient is formed in parts of a size of ours, so that small ones have many. */
import { attention, noGradient, type Value, withGradient } from '../../src/graph/index.ts';
import {
  attentionGradients,
  type Gradients,
  type MapSizes,
  measuredSizes,
} from '../../src/graph/ops/attention-gradient.ts';

/** Of [N, T, C], [N, S, C], [N, S, C]; sizes of which nothing is said are those of large ones. */
export function attentionInParts(
  inputs: readonly [query: Value, key: Value, value: Value],
  heads: number,
  sizes: Partial<MapSizes>,
): Value {
  const output = attention(...inputs, heads);
  return withGradient(output, [...inputs, output], (gradient, query, key, value, output) => {
    let built: Gradients | undefined;
    const found = (i: 0 | 1 | 2) => () => {
      const given = { gradient, output, query, key, value, heads };
      built ??= attentionGradients(given, { ...measuredSizes, ...sizes });
      return built[i];
    };
    return [found(0), found(1), found(2), noGradient('it stands for the inputs')];
  });
}

/** @file The graph of an autoencoder's stage over a part of a plane, with group norms that go by statistics of the whole. */
import {
  axisSize,
  type Graph,
  input,
  mean,
  multiply,
  reshape,
  square,
  subtract,
  type Value,
} from '../../../graph/index.ts';
import type { VaeStage } from '../../../models/vae/vae.ts';
import type { Scope, TracedNorm } from '../../../nn/index.ts';
import { float32, type Shape, type Tensor } from '../../../tensor/tensor.ts';
import type { Traced } from '../../network/open-network.ts';

/** Of a group norm's groups, over a plane. */
export interface Statistics {
  readonly epsilon: number;
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/** The statistics of norms, by their module paths. */
export type KnownStatistics = ReadonlyMap<string, Statistics>;

/** A stage over a part of a plane. */
export interface StagePart {
  readonly stage: VaeStage;
  /** Of what is read: [1, C, h, w]. */
  readonly shape: Shape;
  readonly known: Pick<KnownStatistics, 'has'>;
}

/**
 * What a stage makes of a `plane`: `written`, where the statistics of all its norms are known; otherwise the `mean` and
 * the `variance`, [N·G, 1], of what is before the first norm of which they are not, each element counting by the product of its
 * row's and its column's weight, whose means are 1. onUnknown hears of that norm.
 */
export function traceStage(
  { graph, scope }: { readonly graph: Graph; readonly scope: Scope },
  { stage, shape, known }: StagePart,
  onUnknown: (norm: Pick<TracedNorm, 'name' | 'epsilon'>) => void = () => {},
): Traced {
  const plane = input(graph, 'plane', 'f32', shape);
  let unknown: TracedNorm | undefined;
  const normed = scope.withNorms((norm) => {
    if (known.has(norm.name)) return byStatistics(norm);
    unknown ??= norm;
    return norm.rows;
  });
  const written = stage.compute(normed, plane);
  if (unknown === undefined) return { written };
  onUnknown(unknown);
  const [height = 0, width = 0] = shape.slice(2).map((side) => (side / stage.read) * stage.written);
  return weightedMoments(unknown.rows, { height, width });
}

/** (x − μ)/√(σ² + ε) of given μ and 1/√(σ² + ε). */
function byStatistics({ name, rows }: TracedNorm): Value {
  const given = (what: string) =>
    input(rows.graph, `${what} of ${name}`, 'f32', [axisSize(rows, 0), 1]);
  return multiply(subtract(rows, given('mean')), given('inverse deviation'));
}

/** What traceStage() takes beside the plane. */
export function statisticsFeeds(known: KnownStatistics): Readonly<Record<string, Tensor<'f32'>>> {
  const feeds = [...known].flatMap(([name, { epsilon, means, variances }]) => {
    const column = (values: Float64Array) => float32([values.length, 1], Float32Array.from(values));
    return [
      [`mean of ${name}`, column(means)],
      [
        `inverse deviation of ${name}`,
        column(variances.map((variance) => 1 / Math.sqrt(variance + epsilon))),
      ],
    ] as const;
  });
  return Object.fromEntries(feeds);
}

/** Central, so that no digits cancel: rows [N·G, C/G·H·W]. */
function weightedMoments(
  rows: Value,
  { height, width }: { readonly height: number; readonly width: number },
): Traced {
  const { graph } = rows;
  const vertical = input(graph, 'row weights', 'f32', [height, 1]);
  const horizontal = input(graph, 'column weights', 'f32', [1, width]);
  const weights = reshape(multiply(vertical, horizontal), [1, 1, height * width]);
  const channels = axisSize(rows, 1) / (height * width);
  const x = reshape(rows, [axisSize(rows, 0), channels, height * width]);
  const average = mean(multiply(x, weights), [1, 2]);
  const variance = mean(multiply(square(subtract(x, average)), weights), [1, 2]);
  const column = (value: Value) => reshape(value, [axisSize(rows, 0), 1]);
  return { mean: column(average), variance: column(variance) };
}

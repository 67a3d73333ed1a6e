/** @file Layer normalisation over the last axis; group normalisation is made from it (nn/norm.ts). */
import { noGradient, type Operation, requireShape, type Value } from '../graph.ts';
import { multiply, subtract } from './arithmetic.ts';
import { sumTo } from './broadcast.ts';
import { mean } from './reduce.ts';

/**
 * y = x̂ ⊙ scale + bias, x̂ = (x − μ)·r, r = 1/√(σ² + ε). Outputs y, μ and r, so that the gradient reuses them:
 * with h = g ⊙ scale, dx = r·(h − mean(h) − x̂·mean(h ⊙ x̂)).
 */
const layerNormOperation = (epsilon: number): Operation => ({
  name: 'layerNorm',
  attributes: { epsilon },
  infer: (x, scale, bias) => {
    const size = x.shape.at(-1);
    for (const [name, affine] of [
      ['scale', scale],
      ['bias', bias],
    ] as const) {
      requireShape(
        affine === undefined || (affine.shape.length === 1 && affine.shape[0] === size),
        'NORM_SIZE',
        `the ${name} is not [${size}]`,
      );
    }
    const statistics = { dtype: x.dtype, shape: [...x.shape.slice(0, -1), 1] };
    return [x, statistics, statistics];
  },
  emit: (emission, ...inputs) =>
    emission.nodes('LayerNormalization', inputs, 3, {
      axis: { int: -1 },
      epsilon: { float: epsilon },
    }),
  vjp: ({ gradient, outputs }, x, scale, bias) => {
    const [, average, inverseDeviation] = outputs;
    if (average === undefined || inverseDeviation === undefined) {
      return [noGradient('internal: layerNorm without statistics')];
    }
    const normalized = () => multiply(subtract(x, average), inverseDeviation);
    const last = [x.shape.length - 1];
    return [
      () => {
        const scaled = multiply(gradient, scale);
        const unit = normalized();
        const projection = multiply(unit, mean(multiply(scaled, unit), last));
        const centred = subtract(subtract(scaled, mean(scaled, last)), projection);
        return multiply(centred, inverseDeviation);
      },
      () => sumTo(multiply(gradient, normalized()), scale.shape),
      () => sumTo(gradient, bias.shape),
    ];
  },
});

/** Layer normalisation over the last axis; scale and bias: [size of the last axis]. */
export function layerNorm(x: Value, scale: Value, bias: Value | undefined, epsilon: number): Value {
  const inputs = bias ? [x, scale, bias] : [x, scale];
  const [y] = x.graph.apply(layerNormOperation(epsilon), inputs);
  return y ?? x;
}

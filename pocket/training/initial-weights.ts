/** @file Weights before training, by the names of the layers. */
import type { TorchGenerator } from '../../src/base/torch-random.ts';
import { elementCount, float32, type Shape, type Tensor } from '../../src/tensor/tensor.ts';

/** Ends of residual branches, which begin as nothing, so that what they are added to passes unchanged at first. */
const zeroAtFirst = /(proj_out|\.conv2|to_out\.0|ff\.net\.2)\.weight$/;
const table = /(token_embedding|position_embedding|position_embeddings|cls_token|class_embedding)/;
const normScale = /(norm|layrnorm|layernorm|group_norm|norm_out|norm\d)[^.]*\.weight$/;

/** Normal with deviation √(1/inputs) for products, 0.02 for tables, 1 for scales of norms, 0 for biases. */
export function initialWeights(
  shapes: ReadonlyMap<string, Shape>,
  generator: TorchGenerator,
): Map<string, Tensor<'f32'>> {
  return new Map(
    [...shapes].map(([name, shape]) => [name, initialWeight(name, shape, generator)] as const),
  );
}

function initialWeight(name: string, shape: Shape, generator: TorchGenerator): Tensor<'f32'> {
  const count = elementCount(shape);
  if (table.test(name)) return scaled(shape, generator.randn(count), 0.02);
  if (shape.length === 1) {
    return float32(shape, new Float32Array(count).fill(normScale.test(name) ? 1 : 0));
  }
  if (zeroAtFirst.test(name)) return float32(shape);
  const inputs = count / (shape[0] ?? 1);
  return scaled(shape, generator.randn(count), Math.sqrt(1 / inputs));
}

function scaled(shape: Shape, numbers: Float32Array, factor: number): Tensor<'f32'> {
  return float32(
    shape,
    numbers.map((value) => value * factor),
  );
}

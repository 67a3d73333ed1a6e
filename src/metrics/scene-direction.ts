/** @file The words of a prompt apart from its subject, as a direction of CLIP's space. */
import type { Tensor } from '../tensor/tensor.ts';
import { meanCosine } from './cosine.ts';

/**
 * What the class word does not explain of a prompt's embedding: t - (t · c) c, brought to unit length, for the prompt t
 * and the class c. A picture's cosine with it does not rise where a subject looks more like others of its class.
 *
 * @param prompt unit vector of "a dog in the snow" [1, width]
 * @param className unit vector of "a dog" [1, width]
 * @returns undefined where the prompt says nothing else
 */
export function sceneDirection(
  prompt: Tensor<'f32'>,
  className: Tensor<'f32'>,
): Tensor<'f32'> | undefined {
  const along = meanCosine(prompt, className);
  const rest = prompt.data.map((value, i) => value - along * (className.data[i] ?? 0));
  const length = Math.sqrt(rest.reduce((sum, value) => sum + value ** 2, 0));
  // Embeddings are float32: of equal texts only roundings are left.
  if (length < 1e-3) return undefined;
  return { ...prompt, data: rest.map((value) => value / length) };
}

/** @file OpenCLIP's names of the text tower, in single-file checkpoints of Stable Diffusion 2.x and XL. */
import { type Replacement, replaceStart, type Source } from './source.ts';

const ends: readonly Replacement[] = [
  ['text_model.embeddings.token_embedding', 'token_embedding'],
  ['text_model.embeddings.position_embedding.weight', 'positional_embedding'],
  ['text_model.final_layer_norm', 'ln_final'],
];

const layer: readonly Replacement[] = [
  ['layer_norm1', 'ln_1'],
  ['layer_norm2', 'ln_2'],
  ['mlp.fc1', 'mlp.c_fc'],
  ['mlp.fc2', 'mlp.c_proj'],
  ['self_attn.out_proj', 'attn.out_proj'],
];

const thirds = { q_proj: 0, k_proj: 1, v_proj: 2 } as const;

/**
 * Where a tensor of a CLIPTextModel lies in OpenCLIP's file, without the tower's prefix. Queries, keys and values are
 * one matrix there, and the projection is transposed.
 *
 * @returns undefined where OpenCLIP has no such tensor
 */
export function openClipSource(name: string): Source | undefined {
  if (name === 'text_projection.weight') return { name: 'text_projection', transposed: true };
  const end = replaceStart(name, ends);
  if (end !== undefined) return { name: end };
  const [, index = '', inner = ''] = /^text_model\.encoder\.layers\.(\d+)\.(.*)$/.exec(name) ?? [];
  const block = `transformer.resblocks.${index}`;
  const fused = /^self_attn\.(q_proj|k_proj|v_proj)\.(weight|bias)$/.exec(inner);
  if (fused !== null) {
    const [, projection = '', kind = ''] = fused;
    const third = thirds[projection as keyof typeof thirds];
    return { name: `${block}.attn.in_proj_${kind}`, third };
  }
  const renamed = replaceStart(inner, layer);
  return renamed === undefined ? undefined : { name: `${block}.${renamed}` };
}

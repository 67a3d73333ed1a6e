/** Today's names to the original ones by successive replacements, independently of the rules in src/models/single-file. */

type Pair = readonly [today: string, original: string];

function replaced(name: string, pairs: readonly Pair[]): string {
  return pairs.reduce((text, [today, original]) => text.replace(today, original), name);
}

const unetPairs: readonly Pair[] = [
  ['time_embedding.linear_1', 'time_embed.0'],
  ['time_embedding.linear_2', 'time_embed.2'],
  ['add_embedding.linear_1', 'label_emb.0.0'],
  ['add_embedding.linear_2', 'label_emb.0.2'],
  ['conv_norm_out', 'out.0'],
  ['conv_out', 'out.2'],
  ['conv_in', 'input_blocks.0.0'],
  ...[0, 1, 2, 3].flatMap((i): Pair[] => [
    ...[0, 1].flatMap((j): Pair[] => [
      [`down_blocks.${i}.resnets.${j}.`, `input_blocks.${3 * i + j + 1}.0.`],
      [`down_blocks.${i}.attentions.${j}.`, `input_blocks.${3 * i + j + 1}.1.`],
    ]),
    ...[0, 1, 2].flatMap((j): Pair[] => [
      [`up_blocks.${i}.resnets.${j}.`, `output_blocks.${3 * i + j}.0.`],
      [`up_blocks.${i}.attentions.${j}.`, `output_blocks.${3 * i + j}.1.`],
    ]),
    [`down_blocks.${i}.downsamplers.0.conv.`, `input_blocks.${3 * (i + 1)}.0.op.`],
  ]),
  ['mid_block.attentions.0.', 'middle_block.1.'],
  ['mid_block.resnets.0.', 'middle_block.0.'],
  ['mid_block.resnets.1.', 'middle_block.2.'],
];

const residualPairs: readonly Pair[] = [
  ['norm1', 'in_layers.0'],
  ['conv1', 'in_layers.2'],
  ['norm2', 'out_layers.0'],
  ['conv2', 'out_layers.3'],
  ['time_emb_proj', 'emb_layers.1'],
  ['conv_shortcut', 'skip_connection'],
];

/** An upsampler comes after the attention of its block, where it has any: not at the coarsest level of SD 1.x and 2.x. */
export function originalUNetName(name: string, coarsestAttends: boolean): string {
  const inner = name.includes('resnets') ? replaced(name, residualPairs) : name;
  const upsamplers = [0, 1, 2].map((i): Pair => {
    const place = i === 0 && !coarsestAttends ? 1 : 2;
    return [`up_blocks.${i}.upsamplers.0.`, `output_blocks.${3 * i + 2}.${place}.`];
  });
  return `model.diffusion_model.${replaced(inner, [...unetPairs, ...upsamplers])}`;
}

const vaePairs: readonly Pair[] = [
  ['conv_shortcut', 'nin_shortcut'],
  ['conv_norm_out', 'norm_out'],
  ['mid_block.attentions.0.', 'mid.attn_1.'],
  ['group_norm', 'norm'],
  ['query', 'q'],
  ['key', 'k'],
  ['value', 'v'],
  ['proj_attn', 'proj_out'],
  ['to_q', 'q'],
  ['to_k', 'k'],
  ['to_v', 'v'],
  ['to_out.0', 'proj_out'],
  ...[0, 1, 2, 3].flatMap((i): Pair[] => [
    [`down_blocks.${i}.downsamplers.0.`, `down.${i}.downsample.`],
    [`up_blocks.${i}.upsamplers.0.`, `up.${3 - i}.upsample.`],
    ...[0, 1, 2].flatMap((j): Pair[] => [
      [`down_blocks.${i}.resnets.${j}.`, `down.${i}.block.${j}.`],
      [`up_blocks.${i}.resnets.${j}.`, `up.${3 - i}.block.${j}.`],
    ]),
  ]),
  ['mid_block.resnets.0.', 'mid.block_1.'],
  ['mid_block.resnets.1.', 'mid.block_2.'],
];

/** Takes the attention names of files before 2023 and of today: the fixtures have both. */
export function originalVaeName(name: string): string {
  return `first_stage_model.${replaced(name, vaePairs)}`;
}

/** OpenCLIP's name; for queries, keys and values the name of the tensor they are joined in. */
export function openClipName(name: string): string {
  const pairs: readonly Pair[] = [
    ['text_model.embeddings.token_embedding', 'token_embedding'],
    ['text_model.embeddings.position_embedding.weight', 'positional_embedding'],
    ['text_model.final_layer_norm', 'ln_final'],
    ['text_model.encoder.layers', 'transformer.resblocks'],
    ['layer_norm', 'ln_'],
    ['mlp.fc1', 'mlp.c_fc'],
    ['mlp.fc2', 'mlp.c_proj'],
    ['self_attn', 'attn'],
    ['text_projection.weight', 'text_projection'],
  ];
  return replaced(name, pairs).replace(/[qkv]_proj\./, 'in_proj_');
}

/** @file The UNet's names in single-file checkpoints (CompVis' and Stability's openaimodel.py), as rules over its levels. */
import { type Replacement, replaceStart } from './source.ts';

/** What the names depend on of a UNet's configuration. */
export interface UNetLevels {
  readonly layersPerBlock: number;
  /** From the largest pictures to the smallest. */
  readonly levels: readonly { readonly upAttention: boolean }[];
}

/** Modules at the ends of the UNet. */
const ends: readonly Replacement[] = [
  ['time_embedding.linear_1', 'time_embed.0'],
  ['time_embedding.linear_2', 'time_embed.2'],
  ['add_embedding.linear_1', 'label_emb.0.0'],
  ['add_embedding.linear_2', 'label_emb.0.2'],
  ['conv_in', 'input_blocks.0.0'],
  ['conv_norm_out', 'out.0'],
  ['conv_out', 'out.2'],
  ['mid_block.resnets.0', 'middle_block.0'],
  ['mid_block.attentions.0', 'middle_block.1'],
  ['mid_block.resnets.1', 'middle_block.2'],
];

/** Modules of a residual block; those of a transformer have the same names on both sides. */
const residual: readonly Replacement[] = [
  ['norm1', 'in_layers.0'],
  ['conv1', 'in_layers.2'],
  ['time_emb_proj', 'emb_layers.1'],
  ['norm2', 'out_layers.0'],
  ['conv2', 'out_layers.3'],
  ['conv_shortcut', 'skip_connection'],
];

/**
 * The name in the file, without the UNet's prefix, of a module or tensor of a UNet2DConditionModel.
 *
 * On the way down, level i has its layers j at input block (L+1)·i + j + 1 and its downsampler after them; on the way
 * up, the layers are at output block (L+1)·i + j, and the upsampler is the last module of the last of them.
 *
 * @returns undefined where the model has no such module
 */
export function ldmUNetName(config: UNetLevels, name: string): string | undefined {
  const module = replaceStart(name, modulesOf(config));
  if (module === undefined || !/\bresnets\./.test(name)) return module;
  const [, block = '', inner = ''] = /^(\w+\.\d+(?:\.\d+)?)\.(.*)$/.exec(module) ?? [];
  const renamed = replaceStart(inner, residual);
  return renamed === undefined ? undefined : `${block}.${renamed}`;
}

/** The modules of a UNet, made once for its hundreds of names. */
function modulesOf(config: UNetLevels): readonly Replacement[] {
  const modules = known.get(config) ?? [...ends, ...levels(config)];
  known.set(config, modules);
  return modules;
}

const known = new WeakMap<UNetLevels, readonly Replacement[]>();

function levels({ levels, layersPerBlock }: UNetLevels): readonly Replacement[] {
  const stride = layersPerBlock + 1;
  const layers = Array.from({ length: stride }, (_, j) => j);
  const down = levels.flatMap((_, i): Replacement[] => [
    ...layers.slice(0, -1).flatMap((j): Replacement[] => [
      [`down_blocks.${i}.resnets.${j}`, `input_blocks.${stride * i + j + 1}.0`],
      [`down_blocks.${i}.attentions.${j}`, `input_blocks.${stride * i + j + 1}.1`],
    ]),
    [`down_blocks.${i}.downsamplers.0.conv`, `input_blocks.${stride * (i + 1)}.0.op`],
  ]);
  const up = levels.toReversed().flatMap(({ upAttention }, i): Replacement[] => [
    ...layers.flatMap((j): Replacement[] => [
      [`up_blocks.${i}.resnets.${j}`, `output_blocks.${stride * i + j}.0`],
      [`up_blocks.${i}.attentions.${j}`, `output_blocks.${stride * i + j}.1`],
    ]),
    [
      `up_blocks.${i}.upsamplers.0`,
      `output_blocks.${stride * i + layersPerBlock}.${upAttention ? 2 : 1}`,
    ],
  ]);
  return [...down, ...up];
}

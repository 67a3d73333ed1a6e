/** @file The UNet's names in single-file checkpoints (CompVis' and Stability's openaimodel.py), as rules over its levels. */
import type { UNetLevel } from '../unet/unet-levels.ts';
import { type Replacement, replaceStart } from './source.ts';

/** What the names depend on of a UNet's configuration. */
export interface UNetLevels {
  /** From the largest pictures to the smallest. */
  readonly levels: readonly Pick<UNetLevel, 'down' | 'up'>[];
}

/** Modules at the ends of the UNet. */
const ends: readonly Replacement[] = [
  ['time_embedding.linear_1', 'time_embed.0'],
  ['time_embedding.linear_2', 'time_embed.2'],
  ['add_embedding.linear_1', 'label_emb.0.0'],
  ['add_embedding.linear_2', 'label_emb.0.2'],
  ['class_embedding', 'label_emb'],
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
 * On the way down, each level has its layers one after the other from input block 1 on, and its downsampler after them; on
 * the way up, the layers are at one output block after the other, and the upsampler is the last module of a level's last.
 * With L layers in every level, layer j of level i is at input block (L+1)·i + j + 1 and output block (L+1)·i + j.
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

function levels({ levels }: UNetLevels): readonly Replacement[] {
  let input = 1;
  const down = levels.flatMap(({ down }, i): Replacement[] => [
    ...down.flatMap((_, j) => layer(`down_blocks.${i}`, j, `input_blocks.${input++}`)),
    [`down_blocks.${i}.downsamplers.0.conv`, `input_blocks.${input++}.0.op`],
  ]);
  let output = 0;
  const up = levels
    .toReversed()
    .flatMap(({ up }, i): Replacement[] => [
      ...up.flatMap((_, j) => layer(`up_blocks.${i}`, j, `output_blocks.${output++}`)),
      [`up_blocks.${i}.upsamplers.0`, `output_blocks.${output - 1}.${up.at(-1) === 0 ? 1 : 2}`],
    ]);
  return [...down, ...up];
}

function layer(block: string, j: number, at: string): readonly Replacement[] {
  return [
    [`${block}.resnets.${j}`, `${at}.0`],
    [`${block}.attentions.${j}`, `${at}.1`],
  ];
}

/** @file Which of the models of a kind a checkpoint holds: told by the layers of its UNet, as ComfyUI does by their depths. */
import { type FamilyName, familiesLike, openFamilyConfig } from '../families.ts';
import type { UNetConfig } from '../unet/unet-config.ts';
import { unetPrefix } from './kinds.ts';
import { ldmUNetName } from './unet-names.ts';

/** The first norm of every residual block and of every transformer block, by its name in a file. */
type Layers = ReadonlySet<string>;

const normOfLayer =
  /^(input_blocks|middle_block|output_blocks)\..*(in_layers\.0|transformer_blocks\.\d+\.norm1)\.weight$/;

/** The layers of the UNet that a file holds. */
export function layersOfFile(places: ReadonlyMap<string, unknown>): Layers {
  const own = [...places.keys()].filter((name) => name.startsWith(unetPrefix));
  const names = own.map((name) => name.slice(unetPrefix.length));
  return new Set(names.filter((name) => normOfLayer.test(name)));
}

/** The layers that a configuration asks for. */
export function layersOfConfig(config: Pick<UNetConfig, 'levels' | 'middle'>): Layers {
  const { levels, middle } = config;
  const depths = new Map<string, number>();
  const add = (block: string, layers: readonly number[]) =>
    layers.forEach((depth, j) => void depths.set(`${block}.${j}`, depth));
  levels.forEach(({ down }, i) => void add(`down_blocks.${i}.N`, down));
  levels.toReversed().forEach(({ up }, i) => void add(`up_blocks.${i}.N`, up));
  if (middle !== undefined) add('mid_block.N', middle === 0 ? [0] : [middle, 0]);
  const names = [...depths].flatMap(([at, depth]) => [
    `${at.replace('N', 'resnets')}.norm1.weight`,
    ...Array.from(
      { length: depth },
      (_, k) => `${at.replace('N', 'attentions')}.transformer_blocks.${k}.norm1.weight`,
    ),
  ]);
  return new Set(names.map((name) => ldmUNetName(config, name) ?? name));
}

/** The family that has these layers, of those that are made as one is; undefined where none has. */
export async function familyOfLayers(
  layers: Layers,
  like: FamilyName,
): Promise<FamilyName | undefined> {
  for (const name of familiesLike(like)) {
    const own = layersOfConfig((await openFamilyConfig(name)).unet);
    if (own.size === layers.size && [...own].every((each) => layers.has(each))) return name;
  }
  return undefined;
}

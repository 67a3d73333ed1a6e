/** @file How many layers the levels of a UNet have, as its config.json says in several ways. */
import { ModelError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';

/** One resolution of the UNet. */
export interface UNetLevel {
  readonly channels: number;
  readonly heads: number;
  /** Transformer blocks behind each residual block on the way down; 0 where there is no attention module. */
  readonly down: readonly number[];
  /** The same on the way up, where a level has one residual block more. */
  readonly up: readonly number[];
  /** Whether the first attention of a block is to the text too, instead of to itself: x4 upscalers. */
  readonly textOnly: boolean;
}

/** One number for all levels, or one for each. */
type PerLevel = number | readonly number[];

/** Transformer blocks of attention modules; a list in a list has one number for each module of a level. */
type Depths = number | readonly (number | readonly number[])[];

/** The keys of a config.json that levels follow from. */
export interface LevelsJson {
  readonly block_out_channels: readonly number[];
  readonly layers_per_block: PerLevel;
  readonly down_block_types: readonly string[];
  readonly up_block_types: readonly string[];
  readonly mid_block_type: 'UNetMidBlock2DCrossAttn' | 'UNetMidBlock2D' | null;
  readonly attention_head_dim: PerLevel;
  readonly num_attention_heads?: PerLevel | null | undefined;
  readonly transformer_layers_per_block: Depths;
  readonly reverse_transformer_layers_per_block?: Depths | null | undefined;
  readonly only_cross_attention: false | readonly boolean[];
}

/**
 * The levels, from the finest to the coarsest.
 *
 * @throws ModelError UNET_CONFIG where lists differ in length
 */
export function levelsOf(json: LevelsJson, where: string): readonly UNetLevel[] {
  const count = json.block_out_channels.length;
  const perLevel = <T>(key: string, value: T | readonly T[]): readonly T[] => {
    if (!Array.isArray(value)) return new Array<T>(count).fill(value as T);
    if (value.length === count) return value;
    throw refused(where, `"${key}" has ${value.length} entries for ${count} levels`);
  };
  perLevel('down_block_types', json.down_block_types);
  perLevel('up_block_types', json.up_block_types);
  const layers = perLevel('layers_per_block', json.layers_per_block);
  const headsKey = json.num_attention_heads == null ? 'attention_head_dim' : 'num_attention_heads';
  const heads = perLevel(headsKey, json.num_attention_heads ?? json.attention_head_dim);
  const down = perLevel('transformer_layers_per_block', json.transformer_layers_per_block);
  const upKey = 'reverse_transformer_layers_per_block';
  const stated = json[upKey];
  if (stated == null && down.some((each) => typeof each !== 'number')) {
    throw refused(where, `lists in "transformer_layers_per_block" ask for "${upKey}" beside them`);
  }
  const up = stated == null ? down : perLevel(upKey, stated).toReversed();
  const textOnly = perLevel('only_cross_attention', json.only_cross_attention);
  const upTypes = json.up_block_types.toReversed();
  return json.block_out_channels.map((channels, level) => {
    const count = required(layers, level);
    const side = (types: readonly string[], layers: number): LevelSide => ({
      attention: required(types, level).startsWith('CrossAttn'),
      ...{ layers, level, where },
    });
    return {
      channels,
      heads: required(heads, level),
      down: depthsOf(required(down, level), side(json.down_block_types, count)),
      up: depthsOf(required(up, level), side(upTypes, count + 1)),
      textOnly: required(textOnly, level),
    };
  });
}

interface LevelSide {
  readonly layers: number;
  readonly attention: boolean;
  readonly level: number;
  readonly where: string;
}

function depthsOf(
  given: number | readonly number[],
  { layers, attention, level, where }: LevelSide,
): readonly number[] {
  if (!attention) return new Array<number>(layers).fill(0);
  const depths = typeof given === 'number' ? new Array<number>(layers).fill(given) : given;
  if (depths.length === layers && !depths.includes(0)) return depths;
  throw refused(
    where,
    `transformer layers of level ${level}: expected ${layers} numbers of at least 1, found ${JSON.stringify(given)}`,
  );
}

/** Transformer blocks in the middle; 0 of a residual block alone, undefined of no middle block. */
export function middleOf(json: LevelsJson, where: string): number | undefined {
  if (json.mid_block_type === null) return undefined;
  if (json.mid_block_type === 'UNetMidBlock2D') return 0;
  const { transformer_layers_per_block: depths } = json;
  const last = typeof depths === 'number' ? depths : depths.at(-1);
  const depth = typeof last === 'number' ? last : last?.[0];
  if (depth !== undefined && depth > 0) return depth;
  throw refused(where, '"transformer_layers_per_block" has no number for the middle block');
}

function refused(where: string, problem: string): ModelError {
  return new ModelError('UNET_CONFIG', `${where}: ${problem}`);
}

/** @file Which base a file was made for, and what to say where it is not the one given. */
import { AdapterError } from '../../base/errors.ts';
import { checkpointKinds } from '../../models/single-file/kinds.ts';
import type { Site } from '../../nn/index.ts';
import { contextSizeOf, keyOfText, kindOfContext } from './base-kind.ts';
import type { TensorGroups } from './module-matching.ts';
import type { ModuleNames } from './module-names.ts';
import type { Role } from './tensor-names.ts';

/**
 * Refuses an adapter whose cross-attention takes other text states than the base's.
 *
 * @throws AdapterError ADAPTER_BASE naming both
 */
export function refuseOtherBase(groups: TensorGroups, sites: readonly Site[], where: string): void {
  const own = contextSizeOf(sites);
  const [name, tensors] = [...groups.modules].find(([module]) => keyOfText.test(module)) ?? [];
  if (own === undefined || tensors === undefined) return;
  const sizes = inputSizes((role) => tensors.get(role)?.shape);
  const size = sizes.find((each) => kindOfContext(each) !== undefined) ?? sizes[0];
  if (size === undefined || sizes.includes(own)) return;
  throw new AdapterError(
    'ADAPTER_BASE',
    `${where}: made for ${titleOf(size) ?? 'another model'}: "${name}" takes text states of size ${size}, those of the base given are of size ${own} (${titleOf(own) ?? 'none of the families known here'}); use it with a base of its own kind`,
  );
}

function titleOf(size: number): string | undefined {
  const kind = kindOfContext(size);
  return kind && checkpointKinds[kind].title;
}

/** The input sizes that the tensors of a linear module may stand for. */
function inputSizes(shape: (role: Role) => readonly number[] | undefined): readonly number[] {
  const columns = (role: Role) => shape(role)?.[1];
  const [down, up] = [shape('down'), shape('up')];
  const w1 = columns('lokr_w1') ?? columns('lokr_w1_b');
  const w2 = columns('lokr_w2') ?? columns('lokr_w2_b');
  return [
    down?.[1],
    w1 !== undefined && w2 !== undefined ? w1 * w2 : undefined,
    columns('hada_w1_b'),
    columns('diff'),
    // Kronecker factors of the published code: down is [a2, a1], up is [b1, b2].
    down?.[0] !== undefined && up?.[1] !== undefined ? down[0] * up[1] : undefined,
  ].filter((size) => size !== undefined);
}

export interface Unmatched {
  readonly modules: readonly string[];
  /** Tensors whose names end as none of an adapter's do. */
  readonly others: readonly string[];
  /** Number of modules of the file. */
  readonly total: number;
}

/** What to say where some tensors belong to nothing of the base. */
export function unmatchedError(
  { modules, others, total }: Unmatched,
  names: ModuleNames,
  where: string,
): AdapterError {
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  const parts = [
    ...(modules.length === 0 ? [] : [`${modules.length} of ${count(total, 'module')}`]),
    ...(others.length === 0 ? [] : [count(others.length, 'further tensor')]),
  ];
  const isOne = parts.length === 1 && (modules.length > 0 ? total : others.length) === 1;
  const lines = [...modules, ...others].slice(0, 3).map((name) => {
    const near = names.nearest(name);
    return `"${name}"${near === undefined ? '' : ` (the nearest of the base is "${near}")`}`;
  });
  const more = modules.length + others.length - lines.length;
  const advice =
    modules.length === total
      ? `none of it is of this base${madeFor(modules)}: use it with a base of its own kind`
      : `the rest would do something else than the whole${madeFor(modules)}: use it with the base it was made for, or tolerate "unmatched" to go on without`;
  return new AdapterError(
    'UNMATCHED_TENSORS',
    `${where}: ${parts.join(' and ')} ${isOne ? 'belongs' : 'belong'} to nothing of the base:\n  ${[...lines, ...(more > 0 ? [`... and ${more} more`] : [])].join('\n  ')}\n${advice}`,
  );
}

/** Names of blocks that not every family has. */
const blocksOf: readonly (readonly [RegExp, string])[] = [
  [/^lora_te2_|^text_encoder_2\.|transformer_blocks[._][1-9]/, 'Stable Diffusion XL'],
  [/double_blocks|single_(transformer_)?blocks/, 'Flux, which is not supported'],
  [/joint_blocks/, 'Stable Diffusion 3, which is not supported'],
];

/** What names alone say of the base. */
function madeFor(modules: readonly string[]): string {
  const found = blocksOf.find(([block]) => modules.some((name) => block.test(name)));
  return found === undefined ? '' : ` (its names look like those of ${found[1]})`;
}

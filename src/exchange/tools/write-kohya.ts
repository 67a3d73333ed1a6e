/** @file kohya's and LyCORIS' format: one file with flattened names, which ComfyUI, A1111 and diffusers load. */
import type { Site } from '../../nn/index.ts';
import { float32, reshaped, type Tensor } from '../../tensor/tensor.ts';
import { embeddingFiles } from '../methods/embedding-tensors.ts';
import { writtenModules } from '../methods/known-methods.ts';
import { multiplied } from '../methods/matrices.ts';
import { kohyaAlpha, type WrittenModule } from '../methods/written-module.ts';
import { isBuiltAsXl } from '../names/base-kind.ts';
import { ModuleNames, moduleOf, type NameStyle } from '../names/module-names.ts';
import { type Role, tensorName } from '../names/tensor-names.ts';
import { kohyaMetadata, statedRank } from './kohya-metadata.ts';
import { encoded, type FormatWriter, unfit, type WriteOptions } from './write-options.ts';

/** One file, and one more for a new word. */
export const writeKohya: FormatWriter = (file, options) => {
  const { sites, dtype, blocks = usualBlocks(sites) } = options;
  const modules = writtenModules(file);
  const metadata = options.metadata ?? kohyaMetadata(file, modules, options);
  const names = new ModuleNames(sites);
  const tensors = new Map<string, Tensor<'f32'>>();
  for (const each of modules) {
    const module = moduleOf(each.site);
    const sgm = blocks === 'sgm' ? names.spell(module, 'kohya-sgm') : undefined;
    const name = sgm ?? names.spell(module, 'kohya');
    if (name === undefined) throw unfit('kohya', each.site, 'the base has no such module');
    const isNorm = names.site(module) === undefined;
    for (const [role, tensor] of moduleTensors(each, { fullAlpha: statedRank(metadata), isNorm })) {
      tensors.set(tensorName(name, role, 'kohya'), tensor);
    }
  }
  const adapter =
    modules.length === 0
      ? []
      : ([['adapter.safetensors', encoded(tensors, metadata, dtype)]] as const);
  return new Map([...adapter, ...embeddingFiles(file, options)]);
};

type Algorithm = WrittenModule['algorithm'];

/** As most tools expect. */
function usualBlocks(sites: readonly Site[]): NonNullable<WriteOptions['blocks']> {
  return isBuiltAsXl(sites) ? 'sgm' : 'diffusers';
}

/** How modules are named where nothing else is asked for. */
export function kohyaStyle(sites: readonly Site[]): NameStyle {
  return usualBlocks(sites) === 'sgm' ? 'kohya-sgm' : 'kohya';
}

interface Context {
  /** What full factors state as alpha, which readers ignore. */
  readonly fullAlpha: number;
  /** Whether the module has no matrix. */
  readonly isNorm: boolean;
}

/** Alpha of OFT and BOFT: the norm that rotations are held within. */
const noLimit = 0;
const turning: readonly Algorithm[] = ['diag-oft', 'boft'];

const withoutAlpha: readonly Algorithm[] = ['full', 'ia3'];

function moduleTensors(
  module: WrittenModule,
  { fullAlpha, isNorm }: Context,
): readonly (readonly [Role, Tensor<'f32'>])[] {
  const { site, algorithm, tensors, ranked, scale = 1, neumannTerms, magnitudeSide } = module;
  if (algorithm === 'published') {
    throw unfit(
      'kohya',
      site,
      'its rows are ordered as the published code does it, which no other tool knows; write "official", or convert it to full differences or to a LoRA',
    );
  }
  if (algorithm === 'oft') {
    throw unfit(
      'kohya',
      site,
      'LyCORIS turns the outputs of a layer, this OFT the inputs; write "peft", train with side "output", or convert it to full differences',
    );
  }
  if (algorithm === 'peft-boft') {
    throw unfit(
      'kohya',
      site,
      'LyCORIS turns the outputs of a layer, this BOFT the inputs; convert it to full differences',
    );
  }
  if (algorithm === 'ia3' && site.kind === 'vector') {
    throw unfit(
      'kohya',
      site,
      "LyCORIS' (IA)³ leaves biases as they are, this one multiplies them too; convert it to full differences",
    );
  }
  if (neumannTerms !== undefined) {
    throw unfit(
      'kohya',
      site,
      'LyCORIS turns exactly, not by a series; train without neumannTerms',
    );
  }
  const { magnitude, diff_b, lokr_w1, ...others } = tensors;
  const alpha = ranked && kohyaAlpha(ranked);
  const found: Partial<Record<Role, Tensor<'f32'>>> = {
    ...others,
    // Readers ignore alpha where both factors are full.
    ...(lokr_w1 === undefined ? {} : { lokr_w1: multiplied(lokr_w1, scale) }),
    ...(magnitude === undefined ? {} : { magnitude: inAxes(magnitude, magnitudeSide, site) }),
    ...(diff_b === undefined ? {} : isNorm ? { b_norm: diff_b } : { diff_b }),
    ...(withoutAlpha.includes(algorithm)
      ? {}
      : { alpha: float32([], [alpha ?? (turning.includes(algorithm) ? noLimit : fullAlpha)]) }),
  };
  return Object.entries(found) as (readonly [Role, Tensor<'f32'>])[];
}

/** [out] → [out, 1], or [in] → [1, in], with as many axes as the weight. */
function inAxes(
  vector: Tensor<'f32'>,
  side: WrittenModule['magnitudeSide'],
  { kernel }: Site,
): Tensor<'f32'> {
  const { length } = vector.data;
  const matrix = side === 'input' ? [1, length] : [length, 1];
  return reshaped(vector, [...matrix, ...(kernel ?? []).map(() => 1)]);
}

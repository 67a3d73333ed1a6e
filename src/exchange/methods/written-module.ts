/** @file What a method's parameters are in the terms that other tools share: one product per module and its scale. */
import * as z from 'zod';
import type { Site } from '../../nn/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Role } from '../names/tensor-names.ts';

/** The tensors of one site, as other tools lay them out. */
export interface WrittenModule extends WrittenTensors {
  readonly site: Site;
}

export interface WrittenTensors {
  /**
   * What the other tools call its method: `oft` and `peft-boft` turn inputs, `diag-oft` and `boft` outputs; `published` is
   * the Kronecker product with permuted rows.
   */
  readonly algorithm:
    | 'lora'
    | 'lokr'
    | 'loha'
    | 'oft'
    | 'diag-oft'
    | 'glora'
    | 'ia3'
    | 'boft'
    | 'peft-boft'
    | 'full'
    | 'published';
  readonly tensors: Readonly<Partial<Record<Role, Tensor<'f32'>>>>;
  /** Where anything is a product of inner size r: ΔW is multiplied by alpha / r, or alpha / √r. */
  readonly ranked?: {
    readonly rank: number;
    readonly alpha: number;
    readonly rankStabilized: boolean;
  };
  /** What DoRA's magnitudes are of, where there are any. @default 'output' */
  readonly magnitudeSide?: 'output' | 'input' | undefined;
  /** Multiplied onto ΔW where nothing has a rank. @default 1 */
  readonly scale?: number;
  /** Terms of the series that a rotation is computed by. */
  readonly neumannTerms?: number | undefined;
}

/** As people call the methods. */
export const algorithmTitles: Readonly<Record<WrittenTensors['algorithm'], string>> = {
  lora: 'LoRA',
  lokr: 'LoKr',
  loha: 'LoHa',
  oft: 'OFT of the inputs',
  'diag-oft': 'OFT of the outputs',
  glora: 'GLoRA',
  ia3: '(IA)³',
  boft: 'BOFT of the outputs',
  'peft-boft': 'BOFT of the inputs',
  full: 'full differences',
  published: 'KronA of the published code',
};

/** Alpha where ΔW is always multiplied by alpha / r. */
export function kohyaAlpha({
  rank,
  alpha,
  rankStabilized,
}: NonNullable<WrittenTensors['ranked']>): number {
  return rankStabilized ? alpha * Math.sqrt(rank) : alpha;
}

/** The options of an adapter of ours. */
export type Options = Readonly<Record<string, unknown>>;

const rankOptions = z.object({
  rank: z.number(),
  alpha: z.number().optional(),
  rankStabilized: z.boolean(),
});

export function rankedBy(options: Options): NonNullable<WrittenTensors['ranked']> {
  const { rank, alpha = rank, rankStabilized } = rankOptions.parse(options);
  return { rank, alpha, rankStabilized };
}

export function magnitudeSide(options: Options): Pick<WrittenTensors, 'magnitudeSide'> {
  return options.doraSide === 'input' ? { magnitudeSide: 'input' } : {};
}

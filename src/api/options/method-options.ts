/** @file The options of every method, written by `npm run derive` from the methods' schemas. */

/** Options of krona: Kronecker adapter, ΔW = A ⊗ B (DiffuseKronA). */
export interface KronaOptions {
  /**
   * Rows of A; must divide the output size of every target.
   *
   * @default 4
   */
  readonly a1?: number | undefined;
  /**
   * Columns of A; must divide the input size of every target.
   *
   * @default 64
   */
  readonly a2?: number | undefined;
  /**
   * Sizes of the first factor at sites that match a pattern, the last match winning: { "to_q": [4, 64]
   * }.
   *
   * @default {}
   */
  readonly factors?: Record<string, [number, number]> | undefined;
  /** Kronecker products that are summed, each of factors of its own; 1 where not given. */
  readonly terms?: number | undefined;
  /**
   * Order of the rows of ΔW: those of A ⊗ B, or of the code published with the paper.
   *
   * @default 'kron'
   */
  readonly layout?: 'kron' | 'reference' | undefined;
  /**
   * Drawn: from initialA and initialB, if not given; gradient: the first gradients, as LoRA-GA.
   */
  readonly start?: 'drawn' | 'gradient' | undefined;
  /** Batches whose mean gradient that start is from; 8 where not given. */
  readonly gradientBatches?: number | undefined;
  /**
   * Distribution that A starts from.
   *
   * @default 'normal'
   */
  readonly initialA?:
    | 'normal'
    | 'normal-wide'
    | 'normal-wide-variance'
    | 'normal-reciprocal'
    | 'kaiming-uniform'
    | 'xavier-uniform'
    | 'zero'
    | undefined;
  /**
   * Distribution that B starts from.
   *
   * @default 'zero'
   */
  readonly initialB?:
    | 'normal'
    | 'normal-wide'
    | 'normal-wide-variance'
    | 'normal-reciprocal'
    | 'kaiming-uniform'
    | 'xavier-uniform'
    | 'zero'
    | undefined;
  /**
   * γ, multiplied onto the product of the factors.
   *
   * @default 1
   */
  readonly scale?: number | undefined;
  /** Learning rate of B as a multiple of that of A (LoRA+); 1 where not given. */
  readonly learningRateRatio?: number | undefined;
  /**
   * Probability that a step of training leaves a site as it is.
   *
   * @default 0
   */
  readonly dropout?: number | undefined;
}

/** Options of lora: Low-rank adapter, ΔW = (α/r)·B A. */
export interface LoraOptions {
  /**
   * Inner size of the products that are trained.
   *
   * @default 4
   */
  readonly rank?: number | undefined;
  /** Scale is alpha / rank; the rank where not given. */
  readonly alpha?: number | undefined;
  /**
   * Scale by alpha / √rank instead, which keeps steps alike at any rank.
   *
   * @default false
   */
  readonly rankStabilized?: boolean | undefined;
  /**
   * DoRA: also train the length of every row of the weight.
   *
   * @default false
   */
  readonly dora?: boolean | undefined;
  /** DoRA: rows of the weight, by default, or columns, of a convolution all of a channel. */
  readonly doraSide?: 'output' | 'input' | undefined;
}

/**
 * Options of lokr: Kronecker product of a small matrix and a low-rank one, ΔW = W₁ ⊗ W₂ (LyCORIS).
 */
export interface LokrOptions {
  /**
   * Size of the first factor where it divides; -1: as square as can be.
   *
   * @default -1
   */
  readonly factor?: number | undefined;
  /**
   * Inner size of the products that are trained.
   *
   * @default 8
   */
  readonly rank?: number | undefined;
  /** Scale is alpha / rank; the rank where not given. */
  readonly alpha?: number | undefined;
  /**
   * Scale by alpha / √rank instead, which keeps steps alike at any rank.
   *
   * @default false
   */
  readonly rankStabilized?: boolean | undefined;
  /**
   * The first factor is a low-rank product too.
   *
   * @default false
   */
  readonly decomposeBoth?: boolean | undefined;
  /**
   * Both factors are full matrices, whatever the rank.
   *
   * @default false
   */
  readonly full?: boolean | undefined;
  /**
   * Sizes of the first factor at sites that match a pattern, the last match winning: { "to_q": [4, 64]
   * }.
   *
   * @default {}
   */
  readonly factors?: Record<string, [number, number]> | undefined;
  /**
   * γ, multiplied onto the product of the factors.
   *
   * @default 1
   */
  readonly scale?: number | undefined;
  /**
   * DoRA: also train the length of every row of the weight.
   *
   * @default false
   */
  readonly dora?: boolean | undefined;
  /** DoRA: rows of the weight, by default, or columns, of a convolution all of a channel. */
  readonly doraSide?: 'output' | 'input' | undefined;
}

/** Options of loha: Hadamard product of two low-rank matrices, ΔW = (α/r)·(A₁ B₁) ⊙ (A₂ B₂). */
export interface LohaOptions {
  /**
   * Inner size of the products that are trained.
   *
   * @default 4
   */
  readonly rank?: number | undefined;
  /** Scale is alpha / rank; the rank where not given. */
  readonly alpha?: number | undefined;
  /**
   * Scale by alpha / √rank instead, which keeps steps alike at any rank.
   *
   * @default false
   */
  readonly rankStabilized?: boolean | undefined;
  /**
   * DoRA: also train the length of every row of the weight.
   *
   * @default false
   */
  readonly dora?: boolean | undefined;
  /** DoRA: rows of the weight, by default, or columns, of a convolution all of a channel. */
  readonly doraSide?: 'output' | 'input' | undefined;
}

/** Options of oft: Block-diagonal rotation of a side of the weight, W′ = W Rᵀ or R W (OFT). */
export interface OftOptions {
  /**
   * What is turned: the inputs, as PEFT does it, or the outputs, as LyCORIS does.
   *
   * @default 'input'
   */
  readonly side?: 'input' | 'output' | undefined;
  /**
   * Inputs or outputs that are rotated together; must divide that side of every target.
   *
   * @default 32
   */
  readonly blockSize?: number | undefined;
  /** Number of blocks, in place of their size. */
  readonly blocks?: number | undefined;
  /**
   * One rotation for all blocks.
   *
   * @default false
   */
  readonly shared?: boolean | undefined;
  /** Terms of the series that PEFT takes for the rotation (it takes 5); exact where not given. */
  readonly neumannTerms?: number | undefined;
}

/**
 * Options of svdiff: Shifts of the singular values, ΔW = U·diag(max(0, σ + δ) − σ)·Vᵀ (SVDiff).
 */
export type SvdiffOptions = Readonly<Record<string, never>>;

/** Options of textual-inversion: Textual Inversion, new rows of the token table. */
export interface TextualInversionOptions {
  /**
   * The new word, as prompts write it.
   *
   * @default '<subject>'
   */
  readonly token?: string | undefined;
  /**
   * Rows of the table that it stands for.
   *
   * @default 1
   */
  readonly vectors?: number | undefined;
  /**
   * Index in the tokens of a prompt at which they stand, wherever the prompt has the word; where it has
   * it if not given.
   */
  readonly position?: number | undefined;
  /**
   * Rows of the table to start from, by site, taken in turn; the first where not given.
   *
   * @default {}
   */
  readonly initialIds?: Record<string, number[]> | undefined;
  /** More new words, whose rows follow in this order; each as above: { "token": "<cat>" }. */
  readonly furtherWords?:
    | {
        token?: string | undefined;
        vectors?: number | undefined;
        position?: number | undefined;
        initialIds?: Record<string, number[]> | undefined;
      }[]
    | undefined;
}

/**
 * Options of custom-diffusion: Keys and values of cross-attention, and a new token (Custom Diffusion).
 */
export type CustomDiffusionOptions = Readonly<Record<string, never>>;

/** Options of dreambooth: Every weight of the UNet (DreamBooth). */
export type DreamboothOptions = Readonly<Record<string, never>>;

/**
 * Options of blip-diffusion: Every weight of the UNet, and a word from the pictures (BLIP-Diffusion).
 */
export type BlipDiffusionOptions = Readonly<Record<string, never>>;

/** A method and the options that it has. */
export type MethodSettings =
  | {
      /**
       * Kronecker adapter, ΔW = A ⊗ B (DiffuseKronA).
       *
       * @default 'krona'
       */
      readonly adapter?: 'krona' | undefined;
      /** Options of the method. */
      readonly adapterOptions?: KronaOptions | undefined;
    }
  | {
      /** Low-rank adapter, ΔW = (α/r)·B A. */
      readonly adapter: 'lora';
      /** Options of the method. */
      readonly adapterOptions?: LoraOptions | undefined;
    }
  | {
      /** Kronecker product of a small matrix and a low-rank one, ΔW = W₁ ⊗ W₂ (LyCORIS). */
      readonly adapter: 'lokr';
      /** Options of the method. */
      readonly adapterOptions?: LokrOptions | undefined;
    }
  | {
      /** Hadamard product of two low-rank matrices, ΔW = (α/r)·(A₁ B₁) ⊙ (A₂ B₂). */
      readonly adapter: 'loha';
      /** Options of the method. */
      readonly adapterOptions?: LohaOptions | undefined;
    }
  | {
      /** Block-diagonal rotation of a side of the weight, W′ = W Rᵀ or R W (OFT). */
      readonly adapter: 'oft';
      /** Options of the method. */
      readonly adapterOptions?: OftOptions | undefined;
    }
  | {
      /** Shifts of the singular values, ΔW = U·diag(max(0, σ + δ) − σ)·Vᵀ (SVDiff). */
      readonly adapter: 'svdiff';
      /** Options of the method. */
      readonly adapterOptions?: SvdiffOptions | undefined;
    }
  | {
      /** Textual Inversion, new rows of the token table. */
      readonly adapter: 'textual-inversion';
      /** Options of the method. */
      readonly adapterOptions?: TextualInversionOptions | undefined;
    }
  | {
      /** Keys and values of cross-attention, and a new token (Custom Diffusion). */
      readonly adapter: 'custom-diffusion';
      /** Options of the method. */
      readonly adapterOptions?: CustomDiffusionOptions | undefined;
    }
  | {
      /** Every weight of the UNet (DreamBooth). */
      readonly adapter: 'dreambooth';
      /** Options of the method. */
      readonly adapterOptions?: DreamboothOptions | undefined;
    }
  | {
      /** Every weight of the UNet, and a word from the pictures (BLIP-Diffusion). */
      readonly adapter: 'blip-diffusion';
      /** Options of the method. */
      readonly adapterOptions?: BlipDiffusionOptions | undefined;
    };

/** @file What enlarging pictures may be told. Written by `npm run derive` from the schema. */
/**
 * Settings of enlarging pictures. What is left out is what the base model recommends, and then the
 * default.
 */
export interface UpscaleOptions {
  /** Run folder whose adapter to use. */
  readonly run?: string | undefined;
  /**
   * Adapter of krona or any other tool: FILE or FILE=STRENGTH; then, as needed, strengths of its own for
   * some sites, ",attn2.*=0.5", and the part of the denoising that it is on, ",from=0.2,to=0.9".
   */
  readonly adapter?:
    | (
        | string
        | {
            file: string;
            strength?: number | undefined;
            strengths?: Record<string, number> | undefined;
            from?: number | undefined;
            to?: number | undefined;
          }
      )[]
    | undefined;
  /**
   * What to overlook in files of other tools: unmatched (modules that the base does not have are left
   * out), mixed-names, missing-alpha.
   *
   * @default []
   */
  readonly tolerate?: ('unmatched' | 'mixed-names' | 'missing-alpha')[] | undefined;
  /**
   * "pocket", a model folder or file, or owner/name[@revision][:fp16] of the hub; what the adapter was
   * trained on by default.
   */
  readonly base?: string | undefined;
  /** What the UNet of a single-file base predicts, where it is not recognised rightly. */
  readonly prediction?: 'epsilon' | 'v_prediction' | 'sample' | undefined;
  /**
   * Of a base that holds it (a single file, a folder with unet_ema), the average of the UNet over its
   * training.
   */
  readonly ema?: boolean | undefined;
  /**
   * What not to show.
   *
   * @default ''
   */
  readonly negative?: string | undefined;
  /**
   * A1111 reads (word:1.3), ((word)), [word], \( and BREAK as A1111 does, and prompts of any length;
   * plain takes every character as it is, and cuts what is too long.
   *
   * @default 'a1111'
   */
  readonly promptSyntax?: 'a1111' | 'plain' | undefined;
  /**
   * Layer of the text encoder that the model is told, counted from the last, as A1111 counts; by default
   * the one that the adapter was trained with, or 1.
   */
  readonly clipSkip?: number | undefined;
  /**
   * Sampling steps.
   *
   * @default 50
   */
  readonly steps?: number | undefined;
  /**
   * Classifier-free guidance; 1 switches it off.
   *
   * @default 7.5
   */
  readonly guidance?: number | undefined;
  /**
   * Lin et al. 2023, sec. 3.4.
   *
   * @default 0
   */
  readonly guidanceRescale?: number | undefined;
  /**
   * Multiplies the strengths of all adapters; 0 gives the base model.
   *
   * @default 1
   */
  readonly strength?: number | undefined;
  /**
   * Ddim, ddim-trailing, ddpm, deis, dpmpp-2m, dpmpp-2m-karras, dpmpp-2m-sde-karras, dpmpp-3m,
   * dpmpp-3m-karras, dpmpp-2s, euler, euler-trailing, euler-ancestral, heun, kdpm2, kdpm2-karras,
   * kdpm2-ancestral, kdpm2-ancestral-karras, lcm, lms, lms-karras, pndm, tcd, unipc; the one of the base
   * model by default.
   */
  readonly sampler?: string | undefined;
  /**
   * DDIM: 0 is deterministic, 1 as noisy as DDPM; TCD: 0.3 is usual; other samplers refuse it.
   *
   * @default 0
   */
  readonly eta?: number | undefined;
  /**
   * Pixels of a side of the overlapping tiles in which enlarged pictures are computed; by default one
   * piece, where the memory allows it.
   */
  readonly tile?: number | undefined;
  /**
   * Seed of the first picture of a prompt, 0 to 2^53 - 1; the next has seed + 1.
   *
   * @default 0
   */
  readonly seed?: number | undefined;
  /** Of the frozen UNet on the CPU: int8 is faster, int8-weights takes less memory. */
  readonly basePrecision?: 'stored' | 'int8' | 'int8-weights' | undefined;
  /**
   * Where to compute: cpu, webgpu, cuda, or auto for the fastest that works.
   *
   * @default 'cpu'
   */
  readonly device?: 'cpu' | 'webgpu' | 'cuda' | 'auto' | undefined;
  /** Pictures to enlarge. */
  readonly pictures: string[];
  /**
   * What they show; {subject} stands for the subject of the run or adapter; by default what stands
   * inside each, with its negative prompt.
   */
  readonly prompt?: string | undefined;
  /** Times as wide and high; by default 2, of an upscaler its own. */
  readonly factor?: number | undefined;
  /**
   * Share of the noise that an enlarged picture is put under: too little adds nothing, too much paints
   * something else; by default 0.4, or what the base recommends.
   */
  readonly noise?: number | undefined;
  /**
   * Of an upscaler: timesteps of noise on the picture that it sees, with more of which it paints more of
   * its own; by default 20.
   */
  readonly noiseLevel?: number | undefined;
  /** Folder for the pictures, under their own names; what is there already stays. */
  readonly out: string;
}

/** @file What a drawing may be told. Written by `npm run derive` from the schema. */
import type { PictureSource } from '../call/picture-source.ts';

/**
 * Settings of a drawing. What is left out is what the base model recommends, and then the default.
 */
export interface GenerateOptions {
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
  /** Model for the last steps, of the same latents, such as the refiner of SDXL; as base. */
  readonly refiner?: string | undefined;
  /** Share of the schedule that the base makes before the refiner; by default 0.8. */
  readonly refinerStart?: number | undefined;
  /** What the UNet of a single-file base predicts, where it is not recognised rightly. */
  readonly prediction?: 'epsilon' | 'v_prediction' | 'sample' | undefined;
  /**
   * Of a base that holds it (a single file, a folder with unet_ema), the average of the UNet over its
   * training.
   */
  readonly ema?: boolean | undefined;
  /** What to show; {subject} stands for the subject of the run or adapter, all are drawn. */
  readonly prompt?: string | string[] | undefined;
  /**
   * Text file with one prompt a line, those that begin with # left out; drawn after those of prompt.
   */
  readonly prompts?: string | undefined;
  /**
   * Folder of texts with one line each way: __animal__ in a prompt is a line of animal.txt, {red|blue}
   * one of the two; which one, the seed of a picture decides.
   */
  readonly wildcards?: string | undefined;
  /**
   * How often the prompt stands in what the model reads, which makes it weigh more.
   *
   * @default 1
   */
  readonly promptRepeats?: number | undefined;
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
   * Pictures of each prompt.
   *
   * @default 4
   */
  readonly count?: number | undefined;
  /**
   * Pictures computed together.
   *
   * @default 1
   */
  readonly batchSize?: number | undefined;
  /**
   * Multiplies the strengths of all adapters; 0 gives the base model.
   *
   * @default 1
   */
  readonly strength?: number | undefined;
  /**
   * Sampling steps.
   *
   * @default 50
   */
  readonly steps?: number | undefined;
  /**
   * Timesteps of training to sample at, falling, in place of steps: 800, or 999,749,499,249; by default
   * as the sampler spaces them.
   */
  readonly timesteps?: number[] | undefined;
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
   * Picture of a subject to draw without training, by a BLIP-Diffusion base, of several the mean is
   * taken.
   *
   * @default []
   */
  readonly subjectPicture?: readonly PictureSource[] | undefined;
  /** What subjectPicture shows, in a word or two, such as "dog"; {subject} in prompts says it. */
  readonly subject?: string | undefined;
  /** Picture to begin with, instead of noise. */
  readonly initImage?: PictureSource | undefined;
  /**
   * Share of the noise that the picture is put under: 0.3 changes details, 0.6 much, 1 everything; by
   * default 0.6, with a mask 1.
   */
  readonly noise?: number | undefined;
  /** Picture of the size of initImage: white is repainted, black kept. */
  readonly mask?: PictureSource | undefined;
  /**
   * What the mask keeps stays as it is to the pixel; otherwise it went through the VAE.
   *
   * @default true
   */
  readonly keepUnmasked?: boolean | undefined;
  /**
   * Pixels, a multiple of 8; that of the base model by default, in the proportions of initImage.
   */
  readonly width?: number | undefined;
  /**
   * Pixels, a multiple of 8; that of the base model by default, in the proportions of initImage.
   */
  readonly height?: number | undefined;
  /**
   * Draws every picture twice: the second time this many times as wide and high, beginning with the
   * first one, for more detail than the model draws at its own size.
   */
  readonly upscale?: number | undefined;
  /**
   * Share of the noise that the enlarged picture is put under: too little adds nothing, too much doubles
   * the subject; by default 0.4, with the upscaler latent 0.7.
   */
  readonly upscaleNoise?: number | undefined;
  /** Steps of the second time; by default as many as the first. */
  readonly upscaleSteps?: number | undefined;
  /**
   * What is enlarged in between: lanczos the picture, latent what the model sees of it, which is faster
   * and blurred, so that it wants a noise of 0.5 or more.
   *
   * @default 'lanczos'
   */
  readonly upscaler?: 'latent' | 'lanczos' | undefined;
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
  /** Folder for the pictures and their contact sheet; what is there already stays. */
  readonly out?: string | undefined;
}

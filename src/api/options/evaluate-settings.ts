/** @file What an evaluation may be told. Written by `npm run derive` from the schema. */
import type { PictureSource } from '../call/picture-source.ts';

/**
 * Settings of an evaluation that draws with a run's adapter. What is left out is what the base model
 * recommends, and then the default.
 */
export interface RunEvaluation {
  /**
   * File with one prompt a line, or .json with lists for "object" and "live"; {} stands for the subject;
   * "pocket" for the bundled ones.
   */
  readonly prompts?: string | undefined;
  /**
   * Pictures per prompt.
   *
   * @default 4
   */
  readonly count?: number | undefined;
  /**
   * Seed of the first picture of every prompt, 0 to 2^53 - 1.
   *
   * @default 0
   */
  readonly seed?: number | undefined;
  /** Which of two lists of prompts; object, where the bundled subjects do not say. */
  readonly type?: 'object' | 'live' | undefined;
  /**
   * Also draw unrelated prompts with and without the adapter.
   *
   * @default true
   */
  readonly drift?: boolean | undefined;
  /** File with other unrelated prompts, one a line. */
  readonly driftPrompts?: string | undefined;
  /**
   * "pocket", a folder with a CLIPModel, or owner/name of the hub; openai/clip-vit-base-patch32 for
   * other bases than the bundled one.
   */
  readonly clip?: string | undefined;
  /**
   * "pocket", a folder with a ViTModel, or owner/name of the hub; facebook/dino-vits16 for other bases
   * than the bundled one.
   */
  readonly dino?: string | undefined;
  /**
   * Folder with the real pictures, or the pictures themselves; of a run, those it was trained on.
   */
  readonly images?: string | readonly PictureSource[] | undefined;
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
   * Where to compute: cpu, webgpu, cuda, or auto for the fastest that works.
   *
   * @default 'cpu'
   */
  readonly device?: 'cpu' | 'webgpu' | 'cuda' | 'auto' | undefined;
}

/** Settings of an evaluation of pictures that exist. */
export interface PicturesEvaluation {
  /**
   * File with one prompt a line, or .json with lists for "object" and "live"; {} stands for the subject;
   * "pocket" for the bundled ones.
   */
  readonly prompts?: string | undefined;
  /**
   * Seed of the first picture of every prompt, 0 to 2^53 - 1.
   *
   * @default 0
   */
  readonly seed?: number | undefined;
  /** Which of two lists of prompts; object, where the bundled subjects do not say. */
  readonly type?: 'object' | 'live' | undefined;
  /**
   * "pocket", a folder with a CLIPModel, or owner/name of the hub; openai/clip-vit-base-patch32 for
   * other bases than the bundled one.
   */
  readonly clip?: string | undefined;
  /**
   * "pocket", a folder with a ViTModel, or owner/name of the hub; facebook/dino-vits16 for other bases
   * than the bundled one.
   */
  readonly dino?: string | undefined;
  /**
   * Instead of a run: folder with pictures of any tool, in folders 01, 02 ... by prompt; or the pictures
   * of one subject themselves, a list for each prompt.
   */
  readonly pictures?: string | readonly (readonly PictureSource[])[] | undefined;
  /**
   * Folder with the real pictures, or the pictures themselves; of a run, those it was trained on.
   */
  readonly images?: string | readonly PictureSource[] | undefined;
  /** With pictures: rare word and class, "sks dog". */
  readonly subject?: string | undefined;
  /** With pictures: the class word. */
  readonly class?: string | undefined;
  /**
   * With pictures: JSON file that lists several subjects, whose pictures lie in a folder each; "pocket"
   * for the bundled ones.
   */
  readonly subjects?: string | undefined;
  /**
   * Where to compute: cpu, webgpu, cuda, or auto for the fastest that works.
   *
   * @default 'cpu'
   */
  readonly device?: 'cpu' | 'webgpu' | 'cuda' | 'auto' | undefined;
}

/** @file What a training may be told. Written by `npm run derive` from the schema. */
import type { PictureSource } from '../call/picture-source.ts';

/**
 * Settings of a training but for its method. What is left out is what the base model recommends, and
 * then the default.
 */
export interface TrainSettings {
  /**
   * "pocket", a model folder or file, or owner/name[@revision][:fp16] of the hub.
   *
   * @default 'pocket'
   */
  readonly base?: string | undefined;
  /** What the UNet of a single-file base predicts, where it is not recognised rightly. */
  readonly prediction?: 'epsilon' | 'v_prediction' | 'sample' | undefined;
  /** Of a single-file base that holds it, the average of the UNet over its training. */
  readonly ema?: boolean | undefined;
  /**
   * Folder with 3 to 6 pictures of the subject, pocket/NAME for bundled ones, or the pictures
   * themselves, of which the run keeps copies.
   */
  readonly images: string | readonly PictureSource[];
  /** A rare word and the class: "sks dog". */
  readonly subject: string;
  /** The class word, where it is not the end of the subject. */
  readonly class?: string | undefined;
  /**
   * Training prompt; {subject} is replaced.
   *
   * @default 'a {subject}'
   */
  readonly prompt?: string | undefined;
  /**
   * Texts beside the pictures, dog1.txt for dog1.jpg, take the place of the prompt.
   *
   * @default false
   */
  readonly captions?: boolean | undefined;
  /**
   * Of prompt and captions: plain takes every character as it is, and cuts what is too long; a1111 reads
   * weights and BREAK as A1111 does, and texts of any length.
   *
   * @default 'plain'
   */
  readonly promptSyntax?: 'a1111' | 'plain' | undefined;
  /**
   * Layer of the text encoder that the model is told, counted from the last, as A1111 counts.
   *
   * @default 1
   */
  readonly clipSkip?: number | undefined;
  /**
   * How often an epoch shows a picture; a folder named 10_dog says it itself.
   *
   * @default 1
   */
  readonly repeats?: number | undefined;
  /**
   * Further subject, learned in the same run, of pictures of its own; what it does not say is as of the
   * run.
   */
  readonly concept?:
    | {
        images: string;
        subject: string;
        class?: string | undefined;
        prompt?: string | undefined;
        captions?: boolean | undefined;
        repeats?: number | undefined;
        tokenVectors?: number | undefined;
        initialWord?: string | undefined;
        priorImages?: string | undefined;
        priorCount?: number | undefined;
        validationImages?: string | undefined;
      }[]
    | undefined;
  /**
   * Sites to adapt: attention, attention+feed-forward, or patterns.
   *
   * @default ['attention']
   */
  readonly targets?: string[] | undefined;
  /**
   * Adapter to go on from, of krona or any other tool: it brings its method, options and sites.
   */
  readonly init?: string | undefined;
  /**
   * Teach the rare word itself too, as a new word of the text encoders; write it <dog>.
   *
   * @default false
   */
  readonly newToken?: boolean | undefined;
  /**
   * Vectors that the new word stands for.
   *
   * @default 1
   */
  readonly tokenVectors?: number | undefined;
  /**
   * What the new word starts as: the vectors of initialWord, or pictures: what a BLIP-Diffusion base
   * sees in those of the subject.
   *
   * @default 'word'
   */
  readonly wordFrom?: 'word' | 'pictures' | undefined;
  /** Word whose vectors the new one starts from; the class where not given. */
  readonly initialWord?: string | undefined;
  /**
   * Optimiser steps.
   *
   * @default 500
   */
  readonly steps?: number | undefined;
  /**
   * Pictures per gradient.
   *
   * @default 1
   */
  readonly batchSize?: number | undefined;
  /**
   * Gradients summed per optimiser step.
   *
   * @default 1
   */
  readonly accumulate?: number | undefined;
  /**
   * Rule that turns gradients into steps; adafactor needs the least memory, prodigy no learning rate.
   *
   * @default 'adamw'
   */
  readonly optimizer?: 'adamw' | 'adafactor' | 'sgd' | 'lion' | 'prodigy' | undefined;
  /**
   * Largest learning rate; where none is given, methods have their own (krona 0.0005, lora 0.0001, lokr
   * 0.001, loha 0.0001, oft 0.0001, svdiff 0.001, textual-inversion 0.005, custom-diffusion 0.00001,
   * dreambooth 0.000005, blip-diffusion 0.000005), lion takes a fifth, prodigy 1 (a factor of what it
   * finds)
   *
   * @default 0.0005
   */
  readonly learningRate?: number | undefined;
  /** Learning rate of the UNet, in place of the common one; 0: it is not trained. */
  readonly unetLearningRate?: number | undefined;
  /** Learning rate of the text encoders, in place of the common one; 0: not trained. */
  readonly textEncoderLearningRate?: number | undefined;
  /**
   * Learning rates of sites, by pattern, before those of parts; the last match wins.
   *
   * @default {}
   */
  readonly siteLearningRates?: Record<string, number> | undefined;
  /**
   * Learning rate over the steps, after the warm-up.
   *
   * @default 'constant'
   */
  readonly schedule?:
    | 'constant'
    | 'linear'
    | 'cosine'
    | 'cosine-with-restarts'
    | 'polynomial'
    | 'piecewise'
    | undefined;
  /**
   * Steps of linear warm-up.
   *
   * @default 0
   */
  readonly warmupSteps?: number | undefined;
  /**
   * Falls of the schedule cosine-with-restarts.
   *
   * @default 1
   */
  readonly scheduleCycles?: number | undefined;
  /**
   * Exponent of the schedule polynomial.
   *
   * @default 1
   */
  readonly schedulePower?: number | undefined;
  /**
   * Learning rate at the end of the schedule polynomial.
   *
   * @default 1e-7
   */
  readonly scheduleEnd?: number | undefined;
  /**
   * Schedule piecewise: factors, each with the step it ends before, "1:100,0.1:200,0.01".
   *
   * @default '1'
   */
  readonly scheduleRules?: string | undefined;
  /**
   * Weight decay, decoupled but for sgd; where none is given, lion takes five times as much.
   *
   * @default 0.01
   */
  readonly weightDecay?: number | undefined;
  /**
   * First moment decay of AdamW, lion and prodigy; momentum of sgd.
   *
   * @default 0.9
   */
  readonly beta1?: number | undefined;
  /**
   * Second moment decay of AdamW and prodigy; of lion the momentum, 0.99 if not given.
   *
   * @default 0.999
   */
  readonly beta2?: number | undefined;
  /**
   * AdamW and prodigy epsilon.
   *
   * @default 1e-8
   */
  readonly epsilon?: number | undefined;
  /**
   * What prodigy first takes for the distance to the solution.
   *
   * @default 0.000001
   */
  readonly prodigyDistance?: number | undefined;
  /** Largest factor by which this distance grows in a step; 1.02 is a gentle start. */
  readonly prodigyGrowth?: number | undefined;
  /**
   * Largest norm of all gradients together.
   *
   * @default 1
   */
  readonly clipNorm?: number | undefined;
  /** The adapter becomes its moving average over the steps; 0.999 is usual. */
  readonly emaDecay?: number | undefined;
  /** The average forgets its beginnings by 1 - (1 + step)^-power; 0.75 is usual. */
  readonly emaPower?: number | undefined;
  /** Side of the training pictures, in pixels; that of the base model by default. */
  readonly resolution?: number | undefined;
  /**
   * Pictures keep their proportions: each is cut to the nearest of several sizes.
   *
   * @default false
   */
  readonly buckets?: boolean | undefined;
  /** What the sides of these sizes are multiples of, in pixels; 64 is usual. */
  readonly bucketStep?: number | undefined;
  /**
   * Each line of a caption file is a caption of its own, of which a sample has one.
   *
   * @default false
   */
  readonly captionLines?: boolean | undefined;
  /**
   * Share of samples that are shown with no text at all; 0.05 to 0.1 is usual.
   *
   * @default 0
   */
  readonly captionDropout?: number | undefined;
  /** Orders of the tags of a text, between commas, of which a sample has one; 8, say. */
  readonly shuffleTags?: number | undefined;
  /**
   * Tags at the beginning of a text that shuffleTags leaves where they are.
   *
   * @default 0
   */
  readonly keepTokens?: number | undefined;
  /**
   * Every second sample, at random, is mirrored; not for what has a left and a right.
   *
   * @default false
   */
  readonly flip?: boolean | undefined;
  /**
   * Places, at random, where a picture is cut besides its middle; a sample shows one of all; 4, say.
   */
  readonly randomCrops?: number | undefined;
  /**
   * Learn what masks show white: dog1-masklabel.png or dog1_mask.png beside dog1.jpg (files), what is
   * opaque (alpha), or auto: the file where there is one, else alpha.
   *
   * @default 'none'
   */
  readonly masks?: 'none' | 'files' | 'alpha' | 'auto' | undefined;
  /** Folder with the masks, named as the pictures, where they are not beside them. */
  readonly maskImages?: string | undefined;
  /**
   * Least weight of the loss, where masks are black.
   *
   * @default 0.1
   */
  readonly unmaskedWeight?: number | undefined;
  /**
   * Divide a picture's loss by the mean of its weights, so that small subjects count in full.
   *
   * @default false
   */
  readonly normalizeMasks?: boolean | undefined;
  /**
   * What a wrong prediction costs; huber and smooth-l1 count far errors less.
   *
   * @default 'l2'
   */
  readonly loss?: 'l2' | 'l1' | 'huber' | 'smooth-l1' | undefined;
  /**
   * Losses huber and smooth-l1: the error from which on they are linear, c.
   *
   * @default 0.1
   */
  readonly huberC?: number | undefined;
  /**
   * C over the timesteps: from 1 without noise down to c, by the SNR or evenly, or constant.
   *
   * @default 'snr'
   */
  readonly huberSchedule?: 'constant' | 'exponential' | 'snr' | undefined;
  /**
   * Factor of c, of the schedules constant and exponential.
   *
   * @default 1
   */
  readonly huberScale?: number | undefined;
  /** Weighs timesteps by min(SNR, gamma), so that easy ones do not dominate; 5 is usual. */
  readonly minSnrGamma?: number | undefined;
  /**
   * Noise common to all pixels, for dark and bright pictures; 0.05 to 0.1 is usual.
   *
   * @default 0
   */
  readonly noiseOffset?: number | undefined;
  /** Overrides the schedule of the base model. */
  readonly zeroTerminalSnr?: boolean | undefined;
  /** Folder with other pictures of the class (prior preservation) */
  readonly priorImages?: string | undefined;
  /** Without such a folder: pictures of the class that the base model draws for it. */
  readonly priorCount?: number | undefined;
  /**
   * Weight of the prior loss.
   *
   * @default 1
   */
  readonly priorWeight?: number | undefined;
  /**
   * Decides every random choice of the run, 0 to 2^53 - 1.
   *
   * @default 0
   */
  readonly seed?: number | undefined;
  /**
   * Steps between checkpoints.
   *
   * @default 100
   */
  readonly checkpointEvery?: number | undefined;
  /**
   * Checkpoints kept; the adapter at each stays.
   *
   * @default 2
   */
  readonly keepCheckpoints?: number | undefined;
  /** Folder with other pictures of the subject, to measure the loss on and never train. */
  readonly validationImages?: string | undefined;
  /**
   * Steps between these measurements; also at the start and the end.
   *
   * @default 100
   */
  readonly validationEvery?: number | undefined;
  /** Steps between preview pictures. */
  readonly sampleEvery?: number | undefined;
  /**
   * Prompts of the preview pictures.
   *
   * @default ['a {subject}']
   */
  readonly samplePrompt?: string[] | undefined;
  /**
   * Also write loss, learning rate and gradient norm for TensorBoard.
   *
   * @default false
   */
  readonly tensorboard?: boolean | undefined;
  /**
   * Also write settings, losses, rates and previews for Weights & Biases, to be uploaded later.
   *
   * @default false
   */
  readonly wandb?: boolean | undefined;
  /** Resident memory to stay within, such as 8GB or auto; steps are cut into segments for it. */
  readonly memory?: string | undefined;
  /** Of the frozen UNet on the CPU: int8 is faster, int8-weights takes less memory. */
  readonly basePrecision?: 'stored' | 'int8' | 'int8-weights' | undefined;
  /**
   * Where to compute: cpu, webgpu, cuda, or auto for the fastest that works.
   *
   * @default 'cpu'
   */
  readonly device?: 'cpu' | 'webgpu' | 'cuda' | 'auto' | undefined;
  /** The run folder, which must not exist yet. */
  readonly out: string;
}

/** @file A denoising step with guidance, which a picture takes many of, and the decoding, which it takes one of. */
import { TorchGenerator } from '../src/base/torch-random.ts';
import { flops, simplify } from '../src/graph/index.ts';
import type { BaseModel } from '../src/pipeline/base/base-model.ts';
import { openBaseModel } from '../src/pipeline/base/open-base.ts';
import { decoderProgram, ImageDecoder, latentShape } from '../src/pipeline/draw/autoencoder.ts';
import { Denoiser } from '../src/pipeline/draw/denoiser.ts';
import { withPrecision } from '../src/pipeline/precision/base-precision.ts';
import { withStoredPrecision } from '../src/pipeline/precision/stored-precision.ts';
import { elementCount, float32, type Shape } from '../src/tensor/tensor.ts';
import { randomConditioning } from './conditioning.ts';
import type { BenchOptions, OpenSubject } from './options.ts';

/** One step of all samplers that ask the network once: two predictions per picture, with and without the prompt. */
export const openDenoise: OpenSubject = async (options) => {
  const { base: opened, size, normal } = await prepare(options);
  const { batch, basePrecision = 'stored' } = options;
  const base = await withStoredPrecision(withPrecision(opened, basePrecision));
  const denoiser = await Denoiser.open(base, { size, batch, guidance: { scale: 7.5 } });
  const texts = {
    prompt: randomConditioning(base, 1, normal),
    negative: randomConditioning(base, 1, normal),
  };
  const [, ...latent] = latentShape(base, size);
  const sample = normal([batch, ...latent]);
  return {
    flops: denoiser.flops,
    run: async () => {
      await denoiser.predict(sample, 500, texts);
    },
    [Symbol.asyncDispose]: () => denoiser[Symbol.asyncDispose](),
  };
};

/** Latents of one picture to its pixels. */
export const openDecode: OpenSubject = async (options) => {
  const { base, size, normal } = await prepare(options);
  const decoder = await ImageDecoder.open(base, size);
  const latents = normal(latentShape(base, size));
  return {
    flops: flops(simplify(decoderProgram(base, size))),
    run: async () => {
      await decoder.decode(latents);
    },
    [Symbol.asyncDispose]: () => decoder[Symbol.asyncDispose](),
  };
};

async function prepare({ base: name, resolution }: BenchOptions) {
  const base: BaseModel = await openBaseModel(name);
  const side = resolution ?? base.unet.config.sampleSize * base.vae.config.downsampling;
  const random = new TorchGenerator(0);
  const normal = (shape: Shape) => float32(shape, random.randn(elementCount(shape)));
  return { base, size: { height: side, width: side }, normal };
}

/** @file From pictures to the tensors models read: resized, centre cropped, normalised; and back. */
import { invariant } from '../base/errors.ts';
import { required } from '../base/required.ts';
import { roundHalfEven } from '../tensor/round-half-even.ts';
import { float32, formatShape, type Tensor } from '../tensor/tensor.ts';
import {
  type Crop,
  type CropOffset,
  cropAround,
  type Place,
  resizeToCover,
  type Size,
} from './cover.ts';
import type { Image } from './image.ts';
import type { ResizeFilter } from './resize.ts';

type Rgb = readonly [number, number, number];

/** A recipe from a picture of any size to a tensor of one size. */
export interface Transform {
  readonly filter: ResizeFilter;
  /** What the resized picture just covers. */
  readonly resizeTo: Size;
  /** What is cut from its middle. */
  readonly cropTo: Size;
  /** How half a pixel of crop offset is rounded. */
  readonly cropOffset: CropOffset;
  /** Per channel, of values in [0, 1]. */
  readonly mean: Rgb;
  readonly deviation: Rgb;
}

const half: Rgb = [0.5, 0.5, 0.5];

function square(side: number): Size {
  return { width: side, height: side };
}

/** DreamBooth's training pictures: [-1, 1] (diffusers, `train_dreambooth.py`). */
export function dreamboothTransform(size: Size): Transform {
  return {
    filter: 'bilinear',
    resizeTo: size,
    cropTo: size,
    cropOffset: 'half-even',
    mean: half,
    deviation: half,
  };
}

/** What CLIP's image tower reads (transformers, CLIPImageProcessor with its published mean and deviation). */
export function clipTransform(side = 224): Transform {
  return {
    filter: 'bicubic',
    resizeTo: square(side),
    cropTo: square(side),
    cropOffset: 'floor',
    mean: [0.48145466, 0.4578275, 0.40821073],
    deviation: [0.26862954, 0.26130258, 0.27577711],
  };
}

/** What DINO reads: ImageNet's mean and deviation (torchvision transforms of facebookresearch/dino). */
export const dinoTransform: Transform = {
  filter: 'bicubic',
  resizeTo: square(256),
  cropTo: square(224),
  cropOffset: 'half-even',
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** The picture after a transform's resizing and cropping, still in 8 bits. @default around its middle */
export function resizeAndCrop(image: Image, transform: Transform, around?: Place): Crop {
  const { resizeTo, cropTo, cropOffset, filter } = transform;
  return cropAround(resizeToCover(image, resizeTo, filter), cropTo, cropOffset, around);
}

/** A transform's tensor: [3, height, width] of what is cut. */
export function applyTransform(image: Image, transform: Transform): Tensor<'f32'> {
  return toTensor(resizeAndCrop(image, transform), transform);
}

/**
 * (level / 255 - mean) / deviation as [3, height, width]; [-1, 1] by default.
 *
 * @default mean 0.5 deviation 0.5
 */
export function toTensor(
  image: Image,
  { mean = half, deviation = half }: Partial<Pick<Transform, 'mean' | 'deviation'>> = {},
): Tensor<'f32'> {
  const pixels = image.width * image.height;
  const values = float32([3, image.height, image.width]);
  for (let channel = 0; channel < 3; channel++) {
    const centre = required(mean, channel);
    const spread = required(deviation, channel);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const level = image.data[pixel * 3 + channel] ?? 0;
      values.data[channel * pixels + pixel] = (level / 255 - centre) / spread;
    }
  }
  return values;
}

/** The pictures of [N, 3, height, width] in [-1, 1], clamped and rounded to the nearest level. */
export function imagesFromTensor(batch: Tensor<'f32'>): Image[] {
  const [count = 0, channels, height = 0, width = 0] = batch.shape;
  invariant(
    batch.shape.length === 4 && channels === 3,
    `pictures are [N, 3, height, width], not ${formatShape(batch.shape)}`,
  );
  const pixels = width * height;
  return Array.from({ length: count }, (_, n) => {
    const data = new Uint8Array(pixels * 3);
    for (let channel = 0; channel < 3; channel++) {
      const plane = (n * 3 + channel) * pixels;
      for (let pixel = 0; pixel < pixels; pixel++) {
        const unit = Math.min(1, Math.max(0, (batch.data[plane + pixel] ?? 0) / 2 + 0.5));
        data[pixel * 3 + channel] = roundHalfEven(unit * 255);
      }
    }
    return { width, height, data };
  });
}

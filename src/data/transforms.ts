/** @file From pictures to the tensors models read: shorter side resized, centre cropped, normalised; and back. */
import { DataError, invariant } from '../base/errors.ts';
import { roundHalfEven } from '../tensor/half.ts';
import { float32, formatShape, type Tensor } from '../tensor/tensor.ts';
import type { Image } from './image.ts';
import { type ResizeFilter, resize } from './resize.ts';

type Rgb = readonly [number, number, number];

/** A recipe from a picture of any size to a square tensor. */
export interface Transform {
  readonly filter: ResizeFilter;
  /** Length of the shorter side after resizing. */
  readonly resizeTo: number;
  /** Side of the square cut from the middle. */
  readonly cropTo: number;
  /** How half a pixel of crop offset is rounded. */
  readonly cropOffset: CropOffset;
  /** Per channel, of values in [0, 1]. */
  readonly mean: Rgb;
  readonly deviation: Rgb;
}

/** CLIPImageProcessor rounds the offset down, torchvision's CenterCrop to the even neighbour. */
export type CropOffset = 'floor' | 'half-even';

const half: Rgb = [0.5, 0.5, 0.5];

/** DreamBooth's training pictures: [-1, 1] (diffusers, `train_dreambooth.py`). */
export function dreamboothTransform(size: number): Transform {
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
export function clipTransform(size = 224): Transform {
  return {
    filter: 'bicubic',
    resizeTo: size,
    cropTo: size,
    cropOffset: 'floor',
    mean: [0.48145466, 0.4578275, 0.40821073],
    deviation: [0.26862954, 0.26130258, 0.27577711],
  };
}

/** What DINO reads: ImageNet's mean and deviation (torchvision transforms of facebookresearch/dino). */
export const dinoTransform: Transform = {
  filter: 'bicubic',
  resizeTo: 256,
  cropTo: 224,
  cropOffset: 'half-even',
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** A part of a picture, and where it was cut. */
export interface Crop extends Image {
  /** Row and column of the resized picture. */
  readonly origin: { readonly top: number; readonly left: number };
}

/** The picture after a transform's resizing and cropping, still in 8 bits. */
export function resizeAndCrop(image: Image, transform: Transform): Crop {
  const { cropTo, cropOffset } = transform;
  const resized = resizeShorterSide(image, transform.resizeTo, transform.filter);
  const origin = cropOrigin(resized, cropTo, cropOffset);
  return { ...centreCrop(resized, cropTo, cropOffset), origin };
}

/** A transform's tensor: [3, cropTo, cropTo]. */
export function applyTransform(image: Image, transform: Transform): Tensor<'f32'> {
  return toTensor(resizeAndCrop(image, transform), transform);
}

/** The shorter side becomes `size`, the longer one `size * long / short` truncated, as in torchvision and transformers. */
export function resizeShorterSide(image: Image, size: number, filter: ResizeFilter): Image {
  const { width, height } = image;
  const longer = Math.trunc((size * Math.max(width, height)) / Math.min(width, height));
  return width <= height
    ? resize(image, { width: size, height: longer }, filter)
    : resize(image, { width: longer, height: size }, filter);
}

/** Row and column where a centred square of `size` begins. */
export function cropOrigin(
  image: { readonly width: number; readonly height: number },
  size: number,
  offset: CropOffset,
): { top: number; left: number } {
  const round = offset === 'floor' ? Math.floor : roundHalfEven;
  return { top: round((image.height - size) / 2), left: round((image.width - size) / 2) };
}

/**
 * The square of `size` in the middle.
 *
 * @throws DataError where the picture is smaller than the square
 */
export function centreCrop(image: Image, size: number, offset: CropOffset): Image {
  if (image.width < size || image.height < size) {
    throw new DataError(
      'CROP_TOO_LARGE',
      `a crop of ${size} x ${size} does not fit into ${image.width} x ${image.height}; resize the shorter side to at least ${size} first`,
    );
  }
  const { top, left } = cropOrigin(image, size, offset);
  const data = new Uint8Array(size * size * 3);
  for (let row = 0; row < size; row++) {
    const from = ((top + row) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + size * 3), row * size * 3);
  }
  return { width: size, height: size, data };
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
    const centre = mean[channel] ?? 0;
    const spread = deviation[channel] ?? 1;
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

/** @file Pictures encoded as files, and their pixels, by the browser's own decoders. */

import { heicAsPng } from '../pictures/heic.ts';
import { isHeic } from '../pictures/heic-brand.ts';
import { opacity } from '../pictures/opacity.ts';
import type { Image, PixelOptions } from '../pictures.ts';
import { pictureHeader } from './picture-header.ts';

export type { Image, PictureHeader, PixelOptions } from '../pictures.ts';

/** Decodes a picture: upright, as 8-bit sRGB. @throws Error in the decoder's words */
export async function decodePixels(
  bytes: Uint8Array<ArrayBuffer>,
  { alpha, accept }: PixelOptions,
): Promise<Image> {
  const isHeicPicture = isHeic(bytes);
  if (!isHeicPicture) accept(pictureHeader(bytes));
  const decodable = isHeicPicture ? await heicAsPng(bytes, accept) : bytes;
  const bitmap = await createImageBitmap(new Blob([decodable]), {
    imageOrientation: 'from-image',
    premultiplyAlpha: 'none',
    // Other profiles become sRGB, as elsewhere.
    colorSpaceConversion: 'default',
  });
  try {
    const { width, height } = bitmap;
    const context = contextOf(width, height);
    if (alpha === 'white') {
      context.fillStyle = '#fff';
      context.fillRect(0, 0, width, height);
    }
    context.drawImage(bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, width, height);
    return alpha === 'alone' ? opacity(pixels) : withoutAlpha(pixels);
  } finally {
    bitmap.close();
  }
}

/** The bytes of an RGB PNG. */
export async function pngOf(image: Image): Promise<Uint8Array<ArrayBuffer>> {
  return await encoded(image, { type: 'image/png' });
}

/** The bytes of an RGB WebP, lossy. @param quality of 100 */
export async function webpOf(image: Image, quality: number): Promise<Uint8Array<ArrayBuffer>> {
  return await encoded(image, { type: 'image/webp', quality: quality / 100 });
}

/** A picture no wider than so many pixels, in its proportions. */
export async function shrunk(image: Image, width: number): Promise<Image> {
  if (image.width <= width) return image;
  const height = Math.max(1, Math.round((image.height * width) / image.width));
  const context = contextOf(width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvasOf(image), 0, 0, width, height);
  return withoutAlpha(context.getImageData(0, 0, width, height));
}

async function encoded(image: Image, options: ImageEncodeOptions) {
  const blob = await canvasOf(image).convertToBlob(options);
  return new Uint8Array(await blob.arrayBuffer());
}

function canvasOf({ width, height, data }: Image): OffscreenCanvas {
  const context = contextOf(width, height);
  const pixels = context.createImageData(width, height);
  for (let at = 0; at < width * height; at++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels.data[at * 4 + channel] = data[at * 3 + channel] ?? 0;
    }
    pixels.data[at * 4 + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
  return context.canvas;
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    willReadFrequently: true,
  });
  if (context === null) throw new Error(`no canvas of ${width} x ${height} can be had`);
  return context;
}

function withoutAlpha({ width, height, data }: ImageData): Image {
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels[at * 3 + channel] = data[at * 4 + channel] ?? 0;
    }
  }
  return { width, height, data: pixels };
}

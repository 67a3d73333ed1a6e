/** @file Scenes as pixels: drawn at twice the size, styled, reduced. */
import sharp from 'sharp';
import { Chance } from './chance.ts';
import type { Scene } from './scene.ts';
import { reduced } from './styles/raster.ts';
import { styleNamed } from './styles/styles.ts';

/** Pixels drawn for one that is kept, on each side. */
const oversampling = 2;
/** Scenes that the codec's threads have while others are styled here. */
const atOnce = 8;

/**
 * The picture of a scene.
 *
 * @param size side in pixels
 * @returns RGB bytes, rows from the top: [size, size, 3]; equal scenes have equal bytes
 */
export async function renderScene(
  { svg, style, seed }: Scene,
  size = 64,
): Promise<Uint8Array<ArrayBuffer>> {
  const side = size * oversampling;
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 100 100">${svg}</svg>`;
  const drawn = await sharp(Buffer.from(text)).removeAlpha().raw().toBuffer();
  const raster = { side, data: Float32Array.from(drawn) };
  const styled = style === 'none' ? raster : styleNamed(style).apply(raster, new Chance(seed));
  const { data } = reduced(styled, oversampling);
  // Rounds, and holds what a style drives beyond the range.
  return new Uint8Array(Uint8ClampedArray.from(data).buffer);
}

/** The pictures of many scenes, in their order. */
export async function renderScenes(
  scenes: readonly Scene[],
  size = 64,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const pictures: Uint8Array<ArrayBuffer>[] = [];
  for (let start = 0; start < scenes.length; start += atOnce) {
    const some = scenes.slice(start, start + atOnce);
    pictures.push(...(await Promise.all(some.map((scene) => renderScene(scene, size)))));
  }
  return pictures;
}

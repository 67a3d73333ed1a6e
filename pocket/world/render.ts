/** @file Scenes as pixels: many in one SVG sheet, drawn at twice the size, styled, and reduced. */
import sharp from 'sharp';
import { Chance } from './chance.ts';
import type { Scene } from './scene.ts';
import { type Raster, reduced } from './styles/raster.ts';
import { styles } from './styles/styles.ts';

/** Pixels drawn for one that is kept, on each side. */
const oversampling = 2;
/** Scenes on each side of a sheet. */
const sheetSide = 6;

/**
 * The pictures of scenes, in their order.
 *
 * @param size side of each in pixels
 * @returns RGB bytes, rows from the top: [size, size, 3] each; equal scenes have equal bytes
 */
export async function renderScenes(
  scenes: readonly Scene[],
  size = 64,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const perSheet = sheetSide ** 2;
  const pictures: Uint8Array<ArrayBuffer>[] = [];
  for (let start = 0; start < scenes.length; start += perSheet) {
    pictures.push(...(await renderSheet(scenes.slice(start, start + perSheet), size)));
  }
  return pictures;
}

async function renderSheet(
  scenes: readonly Scene[],
  size: number,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const cell = size * oversampling;
  const side = Math.min(sheetSide, Math.ceil(Math.sqrt(scenes.length)));
  const cells = scenes.map(({ svg }, i) => {
    const [x, y] = [(i % side) * 100, Math.floor(i / side) * 100];
    return `<svg x="${x}" y="${y}" width="100" height="100" viewBox="0 0 100 100">${svg}</svg>`;
  });
  const pixels = side * cell;
  const sheet = `<svg xmlns="http://www.w3.org/2000/svg" width="${pixels}" height="${pixels}" viewBox="0 0 ${side * 100} ${side * 100}">${cells.join('')}</svg>`;
  const data = await sharp(Buffer.from(sheet), { unlimited: true }).removeAlpha().raw().toBuffer();
  return scenes.map((scene, i) => {
    const left = (i % side) * cell;
    const top = Math.floor(i / side) * cell;
    return finished(scene, cutOut(data, pixels, left, top, cell));
  });
}

function cutOut(data: Uint8Array, width: number, left: number, top: number, side: number): Raster {
  const cut = new Float32Array(3 * side * side);
  for (let y = 0; y < side; y++) {
    const from = 3 * ((top + y) * width + left);
    cut.set(data.subarray(from, from + 3 * side), 3 * y * side);
  }
  return { side, data: cut };
}

function finished({ style, seed }: Scene, raster: Raster): Uint8Array<ArrayBuffer> {
  const chosen = styles.find(({ name }) => name === style);
  const styled = chosen === undefined ? raster : chosen.apply(raster, new Chance(seed));
  return Uint8Array.from(reduced(styled, oversampling).data, (value) =>
    Math.round(Math.min(255, Math.max(0, value))),
  );
}

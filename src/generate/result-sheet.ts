/** @file The contact sheet of a request: its pictures under their prompt, beside the one they began with. */
import type { Image } from '../data/image.ts';
import type { Mask } from '../pipeline/mask.ts';
import { contactSheet, imageGrid } from './contact-sheet.ts';
import type { GeneratePlan } from './resolve.ts';
import { adaptersLine } from './settings-text.ts';

/** Smallest side of a picture's square on a sheet, in pixels. */
const leastCell = 128;

/** A grid of the pictures; where they began with one, that one first, with what was repainted shown lighter. */
export async function resultSheet(plan: GeneratePlan, images: readonly Image[]): Promise<Image> {
  const { prompt, initial, size, adapters } = plan;
  const heading = {
    title: prompt,
    ...(adapters.length < 2 ? {} : { subtitle: adaptersLine(plan) }),
  };
  if (initial === undefined) return await imageGrid(images, heading);
  const { picture, mask, noise } = initial;
  const given = mask === undefined ? [picture] : [picture, shaded(picture, mask)];
  return await contactSheet({
    ...heading,
    rows: [
      {
        label: mask === undefined ? 'begins with' : 'begins with, and what is repainted',
        images: given,
      },
      { label: `noise ${noise}`, images },
    ],
    cell: Math.max(leastCell, size.width, size.height),
    columns: Math.max(2, Math.ceil(Math.sqrt(images.length))),
  });
}

/** What is repainted in a light tone. */
function shaded(picture: Image, mask: Mask): Image {
  const data = picture.data.map((level, i) =>
    mask.data[Math.floor(i / 3)] === 1 ? Math.round(level / 4 + 190) : level,
  );
  return { ...picture, data };
}

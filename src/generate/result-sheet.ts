/** @file The contact sheet of a request: its pictures under their prompt, beside the one they began with. */
import type { Image } from '../data/image.ts';
import type { Mask } from '../pipeline/mask.ts';
import type { InitialPicture } from '../pipeline/sampling-start.ts';
import { contactSheet, imageGrid, type SheetRow } from './contact-sheet.ts';
import type { GeneratePlan } from './resolve.ts';
import { adaptersLine } from './settings-text.ts';

/** Smallest side of a picture's square on a sheet, in pixels. */
const leastCell = 128;

/** The pictures of one prompt. */
export interface DrawnPrompt {
  readonly prompt: string;
  readonly images: readonly Image[];
}

/**
 * A grid of the pictures, or a row for each of several prompts; where they began with a picture, that one first, with
 * what was repainted shown lighter.
 */
export async function resultSheet(
  plan: GeneratePlan,
  drawn: readonly DrawnPrompt[],
): Promise<Image> {
  const { initial, size, adapters } = plan;
  const [{ prompt, images } = { prompt: '', images: [] }] = drawn;
  const isOne = drawn.length === 1;
  const heading = {
    title: isOne ? prompt : `${drawn.length} prompts`,
    ...(adapters.length < 2 ? {} : { subtitle: adaptersLine(plan) }),
  };
  if (initial === undefined && isOne) return await imageGrid(images, heading);
  const label = (text: string) =>
    isOne && initial !== undefined ? `noise ${initial.noise}` : text;
  return await contactSheet({
    ...heading,
    rows: [
      ...(initial === undefined ? [] : [beginning(initial)]),
      ...drawn.map((each) => ({ label: label(each.prompt), images: each.images })),
    ],
    ...(initial && { cell: Math.max(leastCell, size.width, size.height) }),
    columns: Math.max(2, isOne ? Math.ceil(Math.sqrt(images.length)) : Math.min(8, images.length)),
  });
}

function beginning({ picture, mask }: InitialPicture): SheetRow {
  return mask === undefined
    ? { label: 'begins with', images: [picture] }
    : {
        label: 'begins with, and what is repainted',
        images: [picture, shaded(picture, mask)],
      };
}

/** What is repainted in a light tone. */
function shaded(picture: Image, mask: Mask): Image {
  const data = picture.data.map((level, i) =>
    mask.data[Math.floor(i / 3)] === 1 ? Math.round(level / 4 + 190) : level,
  );
  return { ...picture, data };
}

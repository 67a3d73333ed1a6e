/** @file The contact sheet of a request: its pictures under their prompt, beside the one they began with. */
import type { Image } from '../data/image.ts';
import type { Mask } from '../pipeline/draw/mask.ts';
import type { InitialPicture } from '../pipeline/draw/sampling-start.ts';
import { contactSheet, imageGrid, type SheetRow } from './contact-sheet.ts';
import type { DrawingGroup } from './drawing-groups.ts';
import type { GeneratePlan } from './generation-plan.ts';
import { adaptersLine } from './settings/settings-text.ts';

/** Smallest side of a picture's square on a sheet, in pixels. */
const leastCell = 128;

/** The pictures of one prompt. */
export interface DrawnPrompt {
  readonly prompt: string;
  readonly images: readonly Image[];
}

/** Pixels of all pictures on a sheet: 64 of 1024 x 1024, or 256 of 512 x 512. */
const mostPixels = 2 ** 26;
/** Pictures on a sheet, however small. */
const mostPictures = 1024;

/** The first pictures of the prompts, as many as a sheet shows. */
export class SheetPictures {
  readonly drawn: DrawnPrompt[] = [];
  readonly #most: number;
  readonly #ofPrompt: number;
  count = 0;

  constructor({ second, size, prompts }: Pick<GeneratePlan, 'second' | 'size' | 'prompts'>) {
    const { width, height } = second?.size ?? size;
    const pixels = width * height;
    this.#most = Math.max(1, Math.min(mostPictures, Math.floor(mostPixels / pixels)));
    this.#ofPrompt = Math.max(1, Math.floor(this.#most / prompts.length));
  }

  /** Keeps those of them that there is a place for; a prompt's follow each other. */
  add({ asked: prompt, isFirstOfPrompt }: DrawingGroup, images: readonly Image[]): void {
    const there = isFirstOfPrompt ? [] : (this.drawn.at(-1)?.images ?? []);
    const room = Math.min(this.#ofPrompt - there.length, this.#most - this.count);
    const taken = images.slice(0, Math.max(0, room));
    if (taken.length === 0) return;
    if (there.length > 0) this.drawn.pop();
    this.drawn.push({ prompt, images: [...there, ...taken] });
    this.count += taken.length;
  }
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
  return await contactSheet({
    ...heading,
    rows: [
      ...(initial === undefined ? [] : [beginning(initial)]),
      ...drawn.map((each) => ({
        ...(isOne && initial !== undefined
          ? { label: `noise ${initial.noise}` }
          : { label: '', note: each.prompt }),
        images: each.images,
      })),
    ],
    ...(initial && { cell: Math.max(leastCell, size.width, size.height) }),
    columns: Math.max(2, isOne ? Math.ceil(Math.sqrt(images.length)) : Math.min(8, images.length)),
  });
}

function beginning({ picture, mask }: InitialPicture): SheetRow {
  return mask === undefined
    ? { label: 'begins with', images: [picture] }
    : {
        label: 'begins with',
        note: 'and what is repainted',
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

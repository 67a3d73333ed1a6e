/** @file The pictures that a published adapter shows: drawn ones of a folder, or the last previews of its run. */
import { ConfigError } from '../base/errors.ts';
import { decodeImage, encodePng } from '../data/image.ts';
import { inspectPicture } from '../inspect/picture-inspection.ts';
import { join } from '../platform/paths.ts';
import { readBytes } from '../storage/files/binary-file.ts';
import { namesIn } from '../storage/files/folders.ts';
import { readEvents } from '../train/folder/read-events.ts';
import { runPaths } from '../train/folder/run-folder.ts';
import type { CardPicture } from './model-card.ts';

/** A picture with its bytes, without what its file said of this machine. */
export interface GalleryPicture extends CardPicture {
  readonly png: Uint8Array;
}

const most = 8;

/**
 * The pictures, contact sheets first, then in the order of their names.
 *
 * @param folder of drawn pictures @default the previews of the run's last step that has some
 * @throws ConfigError PICTURES_MISSING
 */
export async function galleryOf(
  run: string,
  { folder, prompt }: { readonly folder: string | undefined; readonly prompt: string },
): Promise<readonly GalleryPicture[]> {
  const found = folder === undefined ? await previewsOf(run) : await drawnIn(folder);
  const pictures: GalleryPicture[] = [];
  for (const [i, each] of found.slice(0, most).entries()) {
    const bytes = await readBytes(each.file);
    const { settings } = await inspectPicture(each.file, bytes);
    const own = typeof settings?.prompt === 'string' ? settings.prompt : undefined;
    const png = await encodePng(await decodeImage(bytes, each.file));
    pictures.push({ path: cardPicture(i), prompt: each.prompt ?? own ?? prompt, png });
  }
  return pictures;
}

interface FoundPicture {
  readonly file: string;
  readonly prompt?: string | undefined;
}

async function drawnIn(folder: string): Promise<readonly FoundPicture[]> {
  const names = (await namesIn(folder)).filter((name) => /\.(png|jpe?g|webp)$/i.test(name)).sort();
  if (names.length > 0) {
    const sheets = names.filter((name) => name.startsWith('sheet.'));
    const others = names.filter((name) => !sheets.includes(name));
    return [...sheets, ...others].map((name) => ({ file: join(folder, name) }));
  }
  throw new ConfigError(
    'PICTURES_MISSING',
    `pictures: ${folder} holds none; draw some into it, or leave pictures out for the previews of the run`,
  );
}

async function previewsOf(run: string): Promise<readonly FoundPicture[]> {
  const events = await readEvents(runPaths(run).events);
  const samples = events.flatMap((event) => (event.type === 'sample' ? [event] : []));
  const last = samples.at(-1)?.step;
  const there = await namesIn(runPaths(run).samples);
  return samples
    .filter(({ step, file }) => step === last && there.some((name) => file.endsWith(`/${name}`)))
    .map(({ file, prompt }) => ({ file: join(run, file), prompt }));
}

function cardPicture(number: number): string {
  return `image_${number}.png`;
}

/** Whether a file of a repository is called as pictures of a card are. */
export function isCardPicture(path: string): boolean {
  return path === cardPicture(Number(/\d+/.exec(path)?.[0]));
}

/** @file `GET /pictures/ID?width=N`, and the ways in: for pictures into a data set, and to begin a drawing with; for adapters and models. */
import { Hono } from 'hono';
import { ConfigError } from '../../base/errors.ts';
import { randomHex } from '../../platform/hashes.ts';
import { trimCache } from '../../storage/cache-folder.ts';
import { ownDatasetFolder } from '../datasets/dataset-folders.ts';
import { pictureId } from '../pictures/picture-id.ts';
import { placeOfPicture } from '../pictures/picture-places.ts';
import type { StudioServices } from '../work/studio-services.ts';

/** Bytes of uploads that are kept; the oldest go first. */
const largestUploads = 1e9;
/** Files of them: each part that is painted anew sends a mask. */
const mostUploads = 400;

/** Pictures on their way out. */
export function pictureRoutes(studio: StudioServices): Hono {
  return new Hono().get('/:id', async (context) => {
    const path = await placeOfPicture(context.req.param('id'), studio);
    const width = widthOf(context.req.query('width'));
    const tag = `"${await studio.thumbnails.tagOf(path, width)}"`;
    const caching = { ETag: tag, 'Cache-Control': 'private, no-cache' };
    if (context.req.header('if-none-match') === tag) return context.body(null, 304, caching);
    const { bytes, mime } = await studio.thumbnails.picture(path, width);
    return context.body(bytes, 200, { ...caching, 'Content-Type': mime });
  });
}

/** Files on their way in. */
export function uploadRoutes(studio: StudioServices): Hono {
  const { work, received, datasets, brought } = studio;
  return new Hono()
    .put('/datasets/:id/pictures/:name', async (context) => {
      const { id, folder } = await ownDatasetFolder(work, context.req.param('id'));
      const body = bodyOf(context.req.raw);
      const name = await received.take(folder, { name: context.req.param('name'), body });
      await datasets.received(id, name);
      return context.json({ name });
    })
    .put('/uploads/:name', async (context) => {
      const name = `${randomHex(8)}-${context.req.param('name')}`;
      const body = bodyOf(context.req.raw);
      const kept = await received.take(work.uploads, { name, body });
      await trimCache(work.uploads, largestUploads, new Set(), mostUploads);
      return context.json({ picture: pictureId('upload', 'page', kept) });
    })
    .put('/files/:name', async (context) => {
      const { req } = context;
      const bytes = Number(req.header('X-Krona-Size') ?? 0);
      const sent = { name: req.param('name'), body: bodyOf(req.raw) };
      return context.json(await brought.take(sent, Number.isFinite(bytes) ? bytes : 0));
    });
}

/** @throws ConfigError INPUT_INVALID */
function widthOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new ConfigError('INPUT_INVALID', `width: expected a number of pixels, got "${text}"`);
}

function bodyOf({ body }: Request): ReadableStream<Uint8Array> {
  return body ?? new Blob([]).stream();
}

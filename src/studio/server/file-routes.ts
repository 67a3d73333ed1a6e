/** @file `GET /downloads/ID`: files that were made; `GET /reports/ID/`: the page that a sweep's report is. */
import { Hono } from 'hono';
import { contentStream, stat } from '../../platform/files.ts';
import { basename, extname, join } from '../../platform/paths.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { filesUnder } from '../../storage/files/files-under.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { notHere } from '../work/not-here.ts';
import type { StudioServices } from '../work/studio-services.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { reportPolicy } from './guards/answer-headers.ts';

/** Of the files of a report; others are not sent. */
const reportTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.png': 'image/png',
  '.webp': 'image/webp',
};

/** What is kept under a name that no browser takes for a page. */
export function downloadRoutes({ work }: StudioServices): Hono {
  return new Hono().get('/:id', async (context) => {
    const path = await downloadAt(work, context.req.param('id'));
    const { size } = await stat(path);
    const name = encodeURIComponent(basename(path)).replaceAll("'", '%27');
    return context.body(await contentStream(path), 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(size),
      'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
    });
  });
}

/** `downloads/ID/` holds one file. @throws ConfigError NOT_HERE */
async function downloadAt({ downloads }: WorkFolder, id: string): Promise<string> {
  if (!(await namesIn(downloads)).includes(id)) throw notHere('file', id);
  const name = (await namesIn(join(downloads, id))).find((each) => !each.startsWith('.'));
  if (name === undefined) throw notHere('file', id);
  return join(downloads, id, name);
}

/** A report runs scripts of its own, so that it gets an origin of its own. */
export function reportRoutes({ work }: StudioServices): Hono {
  return new Hono().get('/:id/:path{.*}', async (context) => {
    const { id, path } = context.req.param();
    const asked = path === '' ? 'index.html' : path;
    const file = await reportFileAt(work, id, asked);
    const type = reportTypes[extname(asked)];
    if (type === undefined) throw notHere('file', asked);
    return context.body(await readBytes(file), 200, {
      'Content-Type': type,
      'Content-Security-Policy': reportPolicy,
    });
  });
}

/** `sweeps/ID/report/` holds the files. @throws ConfigError NOT_HERE */
async function reportFileAt({ sweeps }: WorkFolder, id: string, path: string): Promise<string> {
  if (!(await namesIn(sweeps)).includes(id)) throw notHere('report', id);
  const folder = join(sweeps, id, 'report');
  if (!(await filesUnder(folder)).includes(path)) throw notHere('file of the report', path);
  return join(folder, path);
}

/** @file The built page: files that are listed once, and the page itself for every address of its own. */
import type { Context, MiddlewareHandler } from 'hono';
import { readdir } from '../../platform/files.ts';
import { extname, join, packageFile } from '../../platform/paths.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { isData } from './guards/own-pages.ts';
import { refused } from './refused.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

/** Where the build puts the page. */
export const builtPage = packageFile('dist/studio/page');

/**
 * Answers with files of the page.
 *
 * @param folder of the built page
 */
export async function pageFiles(folder: string): Promise<MiddlewareHandler> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = new Set(names.map((name) => `/${name.replaceAll('\\', '/')}`));
  const send = async (context: Context, path: string): Promise<Response> => {
    const bytes = await readBytes(join(folder, path));
    // What the build names by its content never changes.
    const isLasting = path.startsWith('/assets/');
    return context.body(bytes, 200, {
      'Content-Type': types[extname(path)] ?? 'application/octet-stream',
      'Cache-Control': isLasting ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  };
  return async (context, next) => {
    const { method, path } = context.req;
    if (isData(path) || (method !== 'GET' && method !== 'HEAD')) return await next();
    if (!files.has('/index.html')) {
      return context.text('The page is not built. Build it with: npm run build\n', 503);
    }
    const isFile = files.has(path) && extname(path) in types;
    if (isFile) return await send(context, path);
    if (extname(path) === '') return await send(context, '/index.html');
    return refused(context, 404, { code: 'NOT_HERE', message: 'there is no such file' });
  };
}

/** @file Requests come from our own pages: browsers say of each where it comes from, and others' are refused. */
import type { Context, MiddlewareHandler } from 'hono';
import { refused } from '../refused.ts';

/** Refuses what pages of other origins send; programs that are no browsers say nothing, and need the cookie. */
export const requireOwnPage: MiddlewareHandler = async (context, next) => {
  if (!isOwnOrigin(context) || !isOwnSite(context)) {
    return refused(context, 403, {
      code: 'ORIGIN_FOREIGN',
      message: 'only pages of this server may ask it',
    });
  }
  return await next();
};

/** `null`, of pages in a sandbox and of files, is foreign. */
function isOwnOrigin({ req }: Context): boolean {
  const origin = req.header('origin');
  if (origin === undefined) return true;
  const host = req.header('host');
  return origin === `http://${host}` || origin === `https://${host}`;
}

/** A link of another site may lead to the page, which then asks by itself. */
function isOwnSite({ req }: Context): boolean {
  const site = req.header('sec-fetch-site');
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  const isNavigation =
    req.header('sec-fetch-mode') === 'navigate' && req.header('sec-fetch-dest') === 'document';
  return req.method === 'GET' && isNavigation && !isData(req.path);
}

/** What is more than the page's own files. */
export function isData(path: string): boolean {
  return /^\/(api|pictures|downloads|reports)(\/|$)/.test(path);
}

const looks = ['GET', 'HEAD'];
const changes = ['POST', 'PUT'];

/** Refuses changes that a form, a picture or a link of any page could send. */
export const requireMeantChange: MiddlewareHandler = async (context, next) => {
  const { req } = context;
  if (looks.includes(req.method)) return await next();
  if (!changes.includes(req.method)) {
    return refused(context, 405, { code: 'METHOD', message: `${req.method} is not answered here` });
  }
  if (req.header('x-krona') !== '1') {
    return refused(context, 403, {
      code: 'HEADER_MISSING',
      message: 'a change needs the header X-Krona: 1, which only our own pages can send',
    });
  }
  const type = req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (req.method === 'POST' && type !== 'application/json') {
    return refused(context, 415, {
      code: 'CONTENT_TYPE',
      message: 'expected application/json',
    });
  }
  return await next();
};

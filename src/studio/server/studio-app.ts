/** @file The server of Studio as one function from requests to answers: guards first, then routes. */
import { Hono } from 'hono';
import * as z from 'zod';
import { parseJson } from '../../formats/parse-json.ts';
import type { StudioServices } from '../work/studio-services.ts';
import { answerHeaders } from './guards/answer-headers.ts';
import { type OwnHosts, requireOwnHost } from './guards/own-hosts.ts';
import { requireMeantChange, requireOwnPage } from './guards/own-pages.ts';
import { openPath, type Visitors } from './guards/visitors.ts';
import { pageFiles } from './page-files.ts';
import { limitedBody, refused } from './refused.ts';
import { answerFailures, studioRoutes } from './studio-routes.ts';

const broughtSchema = z.strictObject({
  code: z.string().max(1000).optional(),
  password: z.string().max(1000).optional(),
});

/** Bytes of what a browser brings that nobody knows yet. */
const largestBrought = 4096;

export interface AppOptions {
  readonly studio: StudioServices;
  readonly hosts: OwnHosts;
  readonly visitors: Visitors;
  /** Folder of the built page. */
  readonly page: string;
}

export async function studioApp({ studio, hosts, visitors, page }: AppOptions): Promise<Hono> {
  const app = answerFailures(new Hono(), studio);
  app.use(answerHeaders, requireOwnHost(hosts), requireOwnPage, requireMeantChange);
  app.use(visitors.require());
  app.use(await pageFiles(page));
  app.post(openPath, limitedBody(largestBrought), async (context) => {
    const brought = broughtSchema.safeParse(parseJson(await context.req.text()));
    if (brought.success && (await visitors.open(context, brought.data))) return context.json(null);
    return refused(context, 401, {
      code: 'CODE_WRONG',
      message: 'that is not the code; each opens one browser, and the terminal shows the next',
    });
  });
  app.route('/', studioRoutes(studio));
  return app;
}

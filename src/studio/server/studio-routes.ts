/** @file What Studio answers to whoever may ask: a server puts its guards before it, a tab asks it alone. */
import { Hono } from 'hono';
import type { StudioServices } from '../work/studio-services.ts';
import { eventRoute } from './event-route.ts';
import { failureAnswer } from './failure-answers.ts';
import { downloadRoutes, reportRoutes } from './file-routes.ts';
import { operationRoutes } from './operation-routes.ts';
import { pictureRoutes, uploadRoutes } from './picture-routes.ts';
import { refused } from './refused.ts';

/** All routes, from requests to answers. */
export function studioRoutes(studio: StudioServices): Hono {
  return answerFailures(new Hono(), studio)
    .route('/api/events', eventRoute(studio))
    .route('/api', uploadRoutes(studio))
    .route('/api', operationRoutes(studio))
    .route('/pictures', pictureRoutes(studio))
    .route('/downloads', downloadRoutes(studio))
    .route('/reports', reportRoutes(studio));
}

/** Makes every failure an answer. */
export function answerFailures(app: Hono, { host }: StudioServices): Hono {
  app.onError((error, context) => failureAnswer(context, error, host.log));
  app.notFound((context) =>
    refused(context, 404, { code: 'NOT_HERE', message: 'there is nothing at this address' }),
  );
  return app;
}

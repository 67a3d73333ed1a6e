/** @file `GET /api/NAME?input=JSON` looks, `POST /api/NAME` with a body changes: one form for every operation. */
import { Hono } from 'hono';
import { ConfigError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { parseJson } from '../../formats/parse-json.ts';
import { isOperationName, operations } from '../operations/operations.ts';
import type { StudioServices } from '../work/studio-services.ts';
import { limitedBody, refused } from './refused.ts';

/** Bytes of an input. */
const largestInput = 2 ** 20;

/** Routes of all operations. */
export function operationRoutes(studio: StudioServices): Hono {
  return new Hono()
    .get('/:name', async (context) => {
      const operation = operationOf(context.req.param('name'));
      if (operation.kind === 'change') {
        return refused(context, 405, {
          code: 'METHOD',
          message: `${operation.name} changes something; it is asked by POST`,
        });
      }
      const text = context.req.query('input') ?? '{}';
      return context.json(await operation.ask(parseJson(text), studio));
    })
    .post('/:name', limitedBody(largestInput), async (context) => {
      // A look whose input is too long for an address comes this way too.
      const operation = operationOf(context.req.param('name'));
      const input = parseJson(await context.req.text());
      return context.json(await operation.ask(input, studio));
    });
}

type AnyOperation = (typeof operations)[keyof typeof operations];

function operationOf(name: string): AnyOperation {
  if (isOperationName(name)) return operations[name];
  throw new ConfigError(
    'UNKNOWN_OPERATION',
    `there is no operation ${JSON.stringify(name.slice(0, 100))}${didYouMean(name, Object.keys(operations))}`,
  );
}

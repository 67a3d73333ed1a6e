/** @file Removes the file of an adapter that is no run's. */
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const adaptersRemove = defineOperation({
  name: 'adapters.remove',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, { adapters, feed }) => {
    await adapters.remove(id);
    feed.publish({ type: 'changed', what: 'adapters' });
    return null;
  },
});

/** @file Removes a model that lies in the work folder. */
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const modelsRemove = defineOperation({
  name: 'models.remove',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, { models, feed }) => {
    await models.remove(id);
    feed.publish({ type: 'changed', what: 'models' });
    return null;
  },
});

/** @file Removes the folder of a run that nobody works on. */
import { RunError } from '../../../base/errors.ts';
import { removeFolder } from '../../../storage/files/folders.ts';
import { putOutOfSight } from '../../../storage/files/temporary.ts';
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const runsRemove = defineOperation({
  name: 'runs.remove',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, { runs, feed }) => {
    const { found, state } = await runs.get(id);
    if (state.state === 'running') {
      const { name } = found;
      throw new RunError('RUN_IN_USE', `${name} is being trained; stop it first`, {
        details: { name },
      });
    }
    const aside = await putOutOfSight(found.folder);
    feed.publish({ type: 'changed', what: 'runs', id });
    await removeFolder(aside);
    return null;
  },
});

/** @file Removes the folder of a run that nobody works on. */
import { RunError } from '../../../base/errors.ts';
import { rename } from '../../../platform/files.ts';
import { fileError } from '../../../storage/file-errors.ts';
import { removeFolder } from '../../../storage/files/folders.ts';
import { temporaryBeside } from '../../../storage/files/temporary.ts';
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const runsRemove = defineOperation({
  name: 'runs.remove',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, { runs, feed }) => {
    const { found, state } = await runs.get(id);
    if (state.state === 'running') {
      throw new RunError('RUN_IN_USE', `${found.name} is being trained; stop it first`);
    }
    // At once out of sight: a removal that is cut short leaves no half of a run, and is swept up later.
    const aside = temporaryBeside(found.folder);
    await rename(found.folder, aside).catch((cause) => {
      throw fileError('write', found.folder, cause);
    });
    feed.publish({ type: 'changed', what: 'runs', id });
    await removeFolder(aside);
    return null;
  },
});

/** @file Pictures that were drawn, the newest first. */
import * as z from 'zod';
import { adapterNamed, nameOfAdapter } from '../../adapters/adapter-names.ts';
import { idSchema, textSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

/** Pictures of one answer. */
const most = 500;

export const galleryList = defineOperation({
  name: 'gallery.list',
  kind: 'look',
  schema: z.strictObject({
    after: idSchema.exactOptional(),
    count: z.int().min(1).max(most),
    run: idSchema.exactOptional(),
    text: textSchema.exactOptional(),
    starred: z.boolean().exactOptional(),
  }),
  run: async ({ run, ...query }, { gallery, adapters }) => {
    const files = await adapters.list();
    const runOf = (name: string) => adapterNamed(files, name)?.run;
    const uses = run === undefined ? {} : { uses: (name: string) => runOf(name) === run };
    const { entries, total } = await gallery.list({ ...query, ...uses });
    return {
      total,
      entries: entries.map(({ adapters: used, ...entry }) => ({
        ...entry,
        adapters: used.map(({ name, strength }) => ({ name: nameOfAdapter(name), strength })),
        run: used.map(({ name }) => runOf(name)).find((each) => each !== undefined),
      })),
    };
  },
});

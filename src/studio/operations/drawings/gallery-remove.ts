/** @file Removes a picture from the gallery, and its file. */
import * as z from 'zod';
import { idSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const galleryRemove = defineOperation({
  name: 'gallery.remove',
  kind: 'change',
  schema: z.strictObject({ picture: idSchema }),
  run: async ({ picture }, { gallery, feed }) => {
    await gallery.remove(picture);
    feed.publish({ type: 'changed', what: 'gallery', id: picture });
    return null;
  },
});

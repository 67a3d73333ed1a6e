/** @file Marks a picture, or takes the mark away. */
import * as z from 'zod';
import { idSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const galleryStar = defineOperation({
  name: 'gallery.star',
  kind: 'change',
  schema: z.strictObject({ picture: idSchema, isStarred: z.boolean() }),
  run: async ({ picture, isStarred }, { gallery, feed }) => {
    await gallery.star(picture, isStarred);
    feed.publish({ type: 'changed', what: 'gallery', id: picture });
    return null;
  },
});

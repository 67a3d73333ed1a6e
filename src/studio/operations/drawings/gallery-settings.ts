/** @file Settings found inside a picture: of the gallery, a sample, or one that a page sent. */
import * as z from 'zod';
import { readFoundRequest } from '../../drawings/found-request.ts';
import { idSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const gallerySettings = defineOperation({
  name: 'gallery.settings',
  kind: 'look',
  schema: z.strictObject({ picture: idSchema }),
  run: async ({ picture }, { readPicture, adapters, models }) =>
    readFoundRequest(await readPicture(picture), { adapters: await adapters.list(), models }),
});

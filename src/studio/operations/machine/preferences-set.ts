/** @file Keeps what the person prefers; what is not given stays. */
import { preferencesSchema } from '../../work/preferences-file.ts';
import { defineOperation } from '../operation.ts';

export const preferencesSet = defineOperation({
  name: 'preferences.set',
  kind: 'change',
  schema: preferencesSchema,
  run: async (changes, { preferences, feed }) => {
    const whole = await preferences.change(changes);
    feed.publish({ type: 'changed', what: 'preferences' });
    return whole;
  },
});

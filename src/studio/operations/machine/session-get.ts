/** @file Where Studio works: version, work folder, machine, preferences. */
import { statfs } from '../../../platform/files.ts';
import { availableParallelism, machineMemory } from '../../../platform/machine.ts';
import { basename } from '../../../platform/paths.ts';
import { packageVersion } from '../../../platform/version.ts';
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const sessionGet = defineOperation({
  name: 'session.get',
  kind: 'look',
  schema: nothingSchema,
  run: async (_, { work, preferences, devices }) => {
    const { bavail, bsize } = await statfs(work.folder);
    return {
      version: packageVersion(),
      work: basename(work.folder) || work.folder,
      machine: {
        cores: availableParallelism(),
        memoryBytes: machineMemory(),
        devices: await devices(),
        freeDiskBytes: bavail * bsize,
      },
      preferences: await preferences.read(),
    };
  },
});

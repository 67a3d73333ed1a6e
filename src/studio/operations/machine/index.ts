/** @file Operations on the machine, the models it has and what the person prefers. */
import type { MachineOperations } from '../../interface/machine-operations.ts';
import type { Defined } from '../operation.ts';
import { basesList } from './bases-list.ts';
import { basesStep } from './bases-step.ts';
import { modelsList } from './models-list.ts';
import { modelsRemove } from './models-remove.ts';
import { preferencesSet } from './preferences-set.ts';
import { sessionGet } from './session-get.ts';
import { storageClear } from './storage-clear.ts';
import { storageGet } from './storage-get.ts';

export const machineOperations: Defined<MachineOperations> = {
  'session.get': sessionGet,
  'preferences.set': preferencesSet,
  'bases.list': basesList,
  'bases.step': basesStep,
  'models.list': modelsList,
  'models.remove': modelsRemove,
  'storage.get': storageGet,
  'storage.clear': storageClear,
};

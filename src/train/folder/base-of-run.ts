/** @file The base model that a run began with. */
import { RunError } from '../../base/errors.ts';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import { openBaseModel } from '../../pipeline/base/open-base.ts';
import { weightsFingerprint } from '../../pipeline/base/weights-fingerprint.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import { isPinned } from '../../storage/hub/hub-name.ts';
import type { RunRecord } from './run-folder.ts';

/**
 * Opens the base of a run.
 *
 * @param folder of the run, for messages
 * @throws RunError BASE_CHANGED where it is not the one that the run began with
 */
export async function openBaseOfRun(
  folder: string,
  { base, config: { prediction, ema } }: RunRecord,
  hub?: HubHost,
): Promise<BaseModel> {
  const name = isLookedUp(base) ? base.name : base.folder;
  const opened = await openBaseModel(name, hub, { prediction, ema });
  if ((await weightsFingerprint(opened.unet.weights)) === base.unetFingerprint) return opened;
  throw new RunError(
    'BASE_CHANGED',
    `${folder}: the base model ${opened.folder} is not the one this run began with; restore it, or start a new run`,
  );
}

/** Names that lead to the same files wherever they are. */
function isLookedUp({ name }: RunRecord['base']): boolean {
  return name === 'pocket' || isPinned(name);
}

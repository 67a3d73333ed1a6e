/** @file What a training begins with: its base, its plan and what is checked before either is there. */
import { beforeDownload } from '../../pipeline/base/before-download.ts';
import { onDevice } from '../../pipeline/base/on-device.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import { openStart, type RunStart, settingsOfInitial } from '../adapter/initial-adapter.ts';
import { resolveConfig } from '../resolve-options.ts';
import { withBundledFolders } from '../settings/picture-folders.ts';
import { requireStep } from '../step-memory.ts';
import type { TrainOptions } from '../train-options.ts';
import { planTraining, type TrainPlan } from '../training-plan.ts';

export interface PlannedStart {
  readonly plan: TrainPlan;
  /** That the training goes on from, where its settings name one. */
  readonly initial: RunStart['initial'];
}

/**
 * Opens the base of a training and plans it, after checking what can be known before a base is downloaded.
 *
 * @throws KronaError of many kinds, each naming what is wrong and what to do
 */
export async function plannedStart(options: TrainOptions, hub?: HubHost): Promise<PlannedStart> {
  await requireBeforehand(options, hub);
  const { base: opened, initial } = await openStart(options, hub);
  const settings = initial ? settingsOfInitial(options, initial, opened) : options;
  const asked = await withBundledFolders(resolveConfig(settings, opened.recommendation));
  const base = await onDevice(opened, asked.device);
  // Devices differ in their rounding, so that run.json states the one that `auto` found.
  return { plan: planTraining({ ...asked, device: base.device }, base, initial), initial };
}

/** Of an adapter that goes on from another one, only its file says what is trained, and of which base. */
async function requireBeforehand(options: TrainOptions, hub: HubHost = {}): Promise<void> {
  const { base, init, device = 'auto' } = options;
  if (base === undefined || init !== undefined) return;
  await beforeDownload(base, hub, {
    device,
    accept: (outline) => {
      requireStep(planTraining(resolveConfig(options, outline.recommendation), outline));
    },
  });
}

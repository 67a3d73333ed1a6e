/** @file A look at a model of the hub before gigabytes of it are fetched. */
import { ConfigError, ModelError } from '../../base/errors.ts';
import type { DeviceChoice } from '../../runtime/index.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import type { HubName } from '../../storage/hub/hub-name.ts';
import { hubNameUnlessPath } from '../../storage/hub/local-first.ts';
import { openHubModel } from '../../storage/hub/snapshot.ts';
import { openOutline } from './base-outline.ts';
import { type OnDevice, onDevice } from './on-device.ts';

/** What is looked at, and how. */
export interface Beforehand {
  readonly device: DeviceChoice;
  /** Throws where it would be fetched in vain. */
  readonly accept: (outline: OnDevice) => void;
}

/**
 * Shows a model of the hub by its configurations before its weights are downloaded. What lies here already is not looked
 * at: whoever opens it sees it whole.
 *
 * @throws what `accept` throws, ModelError, SystemError as openOutline
 */
export async function beforeDownload(
  name: string,
  host: HubHost,
  { device, accept }: Beforehand,
): Promise<void> {
  const onHub = await hubNameUnlessPath(name);
  if (onHub === undefined || (await isHere(onHub, host))) return;
  // Of a few small files nobody wants to hear.
  const outline = await openOutline(name, { ...host, listener: undefined });
  const placed = await onDevice(outline, device);
  try {
    accept(placed);
  } catch (error) {
    const isOfSize = error instanceof ConfigError && ofSize.includes(error.code);
    if (!isOfSize || onHub.variant !== undefined) throw error;
    const smaller = `${name}:fp16`;
    const advice = `the files of "${smaller}", where it has them, are half as large`;
    throw new ConfigError(error.code, `${error.message}; ${advice}`, { details: error.details });
  }
}

/** What is refused because of how large a model is. */
const ofSize: readonly string[] = ['MEMORY_TOO_SMALL', 'DEVICE_LIMITS'];

async function isHere(name: HubName, host: HubHost): Promise<boolean> {
  try {
    await openHubModel(name, { ...host, listener: undefined, offline: true });
    return true;
  } catch (error) {
    if (error instanceof ModelError && error.code === 'HUB_OFFLINE') return false;
    throw error;
  }
}

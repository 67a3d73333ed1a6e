/** @file Where the parts of a base model compute. */
import { chooseDevice, type DeviceChoice, type DeviceName } from '../../runtime/index.ts';
import type { BaseModel } from './base-model.ts';

/** A model that knows where it computes. */
export type OnDevice = BaseModel & { readonly device: DeviceName };

/**
 * The model with its device chosen; what `auto` passed over is among its notes.
 *
 * @throws SystemError DEVICE_UNAVAILABLE
 */
export async function onDevice(base: BaseModel, choice: DeviceChoice): Promise<OnDevice> {
  const { note, ...chosen } = await chooseDevice(choice);
  return {
    ...base,
    ...chosen,
    notes: [...(base.notes ?? []), ...(note === undefined ? [] : [note])],
  };
}

/** @file Where the parts of a base model compute. */
import { chooseDevice, type DeviceChoice, type DeviceName } from '../../runtime/index.ts';
import type { BaseModel } from './base-model.ts';

/**
 * The model with its device chosen; what `auto` passed over is among its notes.
 *
 * @throws SystemError DEVICE_UNAVAILABLE
 */
export async function onDevice(
  base: BaseModel,
  choice: DeviceChoice,
): Promise<BaseModel & { readonly device: DeviceName }> {
  const { device, note } = await chooseDevice(choice);
  return { ...base, device, notes: [...(base.notes ?? []), ...(note === undefined ? [] : [note])] };
}

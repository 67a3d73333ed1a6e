/** @file Which family a base belongs to, told by the size of the text states that its cross-attention takes. */
import { type CheckpointKindName, checkpointKinds } from '../../models/single-file/kinds.ts';
import type { Site } from '../../nn/index.ts';

/** A key projection of cross-attention, under any name. */
export const keyOfText = /attn2[._](processor[._])?to_k$/;

/** The size of the text states that a base takes. */
export function contextSizeOf(sites: readonly Site[]): number | undefined {
  return sites.find(({ name }) => keyOfText.test(name))?.in;
}

/** The family whose text states have this size. */
export function kindOfContext(size: number | undefined): CheckpointKindName | undefined {
  const names = Object.keys(checkpointKinds) as CheckpointKindName[];
  return names.find((name) => checkpointKinds[name].contextSize === size);
}

/** Whether a base is built as SDXL is, of whatever size: its time embedding takes sizes and a text vector. */
export function isBuiltAsXl(sites: readonly Site[]): boolean {
  return sites.some(({ name }) => name.startsWith('unet.add_embedding.'));
}

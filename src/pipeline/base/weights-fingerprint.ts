/** @file Tells whether the weights of a part are still those they were. */
import type { ModelWeights } from '../../models/weights.ts';
import { fileFingerprint } from '../../storage/fingerprint.ts';

/** Of the first file of a part; a retrained part differs in every file. */
export async function weightsFingerprint({ places, folder }: ModelWeights): Promise<string> {
  const [first] = places.values();
  return await fileFingerprint(first?.file ?? folder);
}

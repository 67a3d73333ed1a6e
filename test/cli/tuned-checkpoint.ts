/** @file Checkpoints that were tuned by a known change: a copy of a model folder whose UNet has some weights moved. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { toFloat32 } from '../../src/tensor/half.ts';
import { float32, type Tensor } from '../../src/tensor/tensor.ts';

const weightsFile = join('unet', 'diffusion_pytorch_model.safetensors');

/**
 * Copies a diffusers folder with a change added to weights of its UNet, in float32 so that nothing is rounded away.
 *
 * @param change by the weight's name; undefined leaves it as it is
 */
export async function tunedCheckpoint(
  folder: string,
  out: string,
  change: (name: string, weight: Tensor<'f32'>) => Tensor<'f32'> | undefined,
): Promise<void> {
  await cp(folder, out, { recursive: true });
  const path = join(out, weightsFile);
  const { tensors, metadata } = decodeSafetensors(await readFile(path), path);
  const tuned = [...tensors].map(([name, stored]) => {
    const weight = toFloat32(stored);
    const delta = change(name, weight)?.data;
    const moved = weight.data.map((value, i) => value + (delta?.[i] ?? 0));
    return [name, float32(weight.shape, moved)] as const;
  });
  await writeFile(path, encodeSafetensors(tuned, metadata));
}

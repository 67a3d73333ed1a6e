/** @file What a method computes of one weight, written into a file: here, or in a process that is asked to. */
import { configureAdapter } from '../../adapters/index.ts';
import { invariant } from '../../base/errors.ts';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import type { Site } from '../../nn/index.ts';
import type { MatrixProducts } from '../../runtime/index.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { computedBy } from '../../tensor/products.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** One site of one method, whose constants are not there yet. */
export interface ConstantsTask {
  /** Of the registry, with its options. */
  readonly method: string;
  readonly options: unknown;
  readonly site: Site;
  /** [out, in] */
  readonly weight: Tensor<'f32'>;
  /** The file to write, whose folder is there. */
  readonly path: string;
}

/** Does such tasks until it is disposed of. */
export interface ConstantsWorker extends AsyncDisposable {
  /** @throws the signal's reason where it is aborted; then there is no file */
  compute(task: ConstantsTask, signal: AbortSignal | undefined): Promise<void>;
}

/** Computes, and writes the file as a whole. */
export async function computeConstants(
  { method, options, site, weight, path }: ConstantsTask,
  products: MatrixProducts,
  signal?: AbortSignal,
): Promise<void> {
  const rule = configureAdapter(method, options).constants;
  invariant(rule !== undefined, `${method} computes nothing of weights`);
  const tensors = await computedBy(rule.compute(site, weight), async (request) => {
    signal?.throwIfAborted();
    return await products.multiply(request);
  });
  await writeFileAtomic(path, encodeSafetensors(Object.entries(tensors)));
}

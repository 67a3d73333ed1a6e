/** @file Adapters of the pocket model with random numbers everywhere. */
import {
  configureAdapter,
  encodeAdapterFile,
  parameterName,
  placeAdapter,
} from '../../src/adapters/index.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { chooseSites } from '../../src/nn/index.ts';
import { baseSites } from '../../src/pipeline/adapters/site-weights.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { elementCount, float32 } from '../../src/tensor/tensor.ts';

export interface Part {
  readonly method: string;
  readonly options?: unknown;
  readonly targets: readonly string[];
}

/** The bytes of an adapter file. */
export async function pocketAdapter(parts: readonly Part[]): Promise<Uint8Array> {
  const random = new TorchGenerator(0);
  const sites = baseSites(await openBaseModel('pocket'));
  const placed = parts.map(({ method, options = {}, targets }) => {
    const adapter = configureAdapter(method, options);
    return placeAdapter(adapter, chooseSites(sites, targets, adapter.kinds));
  });
  const tensors = placed.flatMap(({ adapter, sites: own }) =>
    own.flatMap((site) =>
      adapter.parameters(site).map(({ name, shape }) => {
        const values = random.randn(elementCount(shape));
        return [parameterName(site, name), float32(shape, values)] as const;
      }),
    ),
  );
  const base = { name: 'pocket', sites: sites.length };
  return encodeAdapterFile({ placed, tensors: new Map(tensors), base });
}

import { expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import type { Site } from '../../nn/index.ts';
import { float32 } from '../../tensor/tensor.ts';
import { initialTensors } from '../placed.ts';
import { configureAdapter } from '../registry.ts';

const site: Site = { name: 'unet.mid.attn1.to_q', kind: 'linear', out: 3, in: 2 };

test.each(['lora', 'lokr', 'loha'])('DoRA on %s starts with the lengths of the rows', (method) => {
  const adapter = configureAdapter(method, { rank: 1, dora: true });
  const weight = float32([3, 2], [3, 4, 0, 0, -5, 12]);
  const tensors = initialTensors({ adapter, sites: [site] }, new TorchGenerator(0), () => weight);
  expect([...(tensors.get(`${site.name}.magnitude`)?.data ?? [])]).toEqual([5, 0, 13]);
});

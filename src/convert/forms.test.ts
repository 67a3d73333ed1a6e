import { describe, expect, test } from 'vitest';
import { placeTogether } from '../adapters/index.ts';
import { TorchGenerator } from '../base/torch-random.ts';
import type { Site } from '../nn/index.ts';
import { matmul } from '../tensor/linear-algebra/host-matrices.ts';
import { svd } from '../tensor/linear-algebra/svd.ts';
import { elementCount, float32, type Shape, type Tensor } from '../tensor/tensor.ts';
import { type Form, nearestAdapter, requirePossible } from './forms.ts';
import { errorsAgainst } from './site-errors.ts';

const random = new TorchGenerator(0);
const site: Site = { name: 'unet.to_q', kind: 'linear', out: 12, in: 30 };
const convolution: Site = {
  name: 'unet.conv',
  kind: 'convolution',
  out: 6,
  in: 36,
  kernel: [3, 3],
};

function randomMatrix(...shape: Shape): Tensor<'f32'> {
  return float32(shape, random.randn(elementCount(shape)));
}

/** The error that the graph of the method itself has. */
async function errorOf(form: Form, at: Site, delta: Tensor<'f32'>): Promise<number> {
  const adapter = placeTogether([nearestAdapter(form, at, delta)], [at]);
  const [only] = await errorsAgainst(
    async () => delta,
    adapter,
    async () => {
      throw new Error('no method here looks at the weight');
    },
  );
  return only?.error ?? Number.NaN;
}

function tail(values: Float64Array, from: number): number {
  return Math.hypot(...values.subarray(from)) / Math.hypot(...values);
}

describe('the nearest adapter', () => {
  test.each([site, convolution])(
    'of a rank leaves the singular values behind it, at $name',
    async (at) => {
      const delta = randomMatrix(at.out, at.in);
      const { s } = svd(delta);
      for (const rank of [1, 4, 6]) {
        const error = await errorOf({ as: 'lora', rank }, at, delta);
        expect(error).toBeCloseTo(tail(s, rank), 6);
      }
    },
  );

  test('of a rank that the change has is the change', async () => {
    const delta = matmul(randomMatrix(12, 3), randomMatrix(3, 30));
    // Two roundings to float32.
    expect(await errorOf({ as: 'lora', rank: 3 }, site, delta)).toBeLessThan(3e-7);
  });

  test('of a rank above both sides has the rank of the smaller', () => {
    const { options } = nearestAdapter({ as: 'lora', rank: 100 }, site, randomMatrix(12, 30));
    expect(options).toEqual({ rank: 12 });
  });

  test.each(['kron', 'reference'] as const)(
    'as KronA of layout %s leaves the singular values of the rearranged change',
    async (layout) => {
      const delta = randomMatrix(12, 30);
      const form = { as: 'krona', a1: 4, a2: 5, layout } as const;
      // Van Loan and Pitsianis: row (q, i) of the rearrangement is the block that A[q, i] scales.
      const blocks = float32([20, 18]);
      for (let q = 0; q < 4; q++) {
        for (let p = 0; p < 3; p++) {
          for (let column = 0; column < 30; column++) {
            const [i, j] = [Math.floor(column / 6), column % 6];
            const row = layout === 'kron' ? q * 3 + p : p * 4 + q;
            blocks.data[(q * 5 + i) * 18 + p * 6 + j] = delta.data[row * 30 + column] ?? 0;
          }
        }
      }
      const { s } = svd(blocks);
      expect(await errorOf(form, site, delta)).toBeCloseTo(tail(s, 1), 6);
      for (const terms of [2, 7]) {
        expect(await errorOf({ ...form, terms }, site, delta)).toBeCloseTo(tail(s, terms), 6);
      }
      // As many as the rearrangement has columns reach every change; two roundings to float32.
      expect(await errorOf({ ...form, terms: 18 }, site, delta)).toBeLessThan(3e-7);
    },
  );

  test('as a whole difference is the change itself', async () => {
    expect(await errorOf({ as: 'diff' }, site, randomMatrix(12, 30))).toBe(0);
  });
});

test('more terms than reach every change of a site are refused', () => {
  const form = { as: 'krona', a1: 2, a2: 3, layout: 'kron', terms: 7 } as const;
  expect(() => requirePossible(form, [site])).toThrow(
    expect.objectContaining({ code: 'TERMS_TOO_MANY' }),
  );
});

test('sizes that some site does not have are refused with those that all have', () => {
  const form = { as: 'krona', a1: 4, a2: 5, layout: 'kron' } as const;
  expect(() => requirePossible(form, [site, convolution])).toThrow(
    /a1 = 4 does not divide the output size 6 of unet\.conv .*outputs by 1, 2, 3, 6; inputs by 1, 2, 3, 6$/,
  );
});

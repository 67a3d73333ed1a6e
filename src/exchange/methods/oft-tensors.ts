/** @file OFT in PEFT's files, turning inputs, and in LyCORIS', turning outputs. */
import * as z from 'zod';
import { invariant } from '../../base/errors.ts';
import type { Site } from '../../nn/index.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import {
  alphaTensor,
  type ForeignModule,
  refusal,
  requiredSite,
  requireSizes,
  type SiteReading,
  shapesOf,
} from './foreign-module.ts';
import type { ForeignMethod, Parameters } from './method-record.ts';
import type { Options, WrittenTensors } from './written-module.ts';

export const oftTensors: ForeignMethod = {
  title: 'OFT',
  signs: ['oft_R', 'oft_blocks'],
  others: ['alpha'],
  read(module) {
    const { oft_R, oft_blocks } = Object.fromEntries(module.tensors);
    if (oft_R !== undefined) return [readTriangles(module, oft_R)];
    return oft_blocks === undefined ? [] : [readBlocks(module, oft_blocks)];
  },
  write: { oft: writeOft },
};

/** PEFT: W′ = W Rᵀ; the entries above the diagonal of every block's skew-symmetric matrix. */
function readTriangles(module: ForeignModule, rotation: Tensor<'f32'>): SiteReading {
  const site = requiredSite(module);
  const [count = 0, entries = 0] = rotation.shape;
  // n(n − 1)/2 entries above the diagonal of n rows
  const blockSize = (1 + Math.sqrt(1 + 8 * entries)) / 2;
  if (!Number.isInteger(blockSize)) {
    throw refusal(module, 'ADAPTER_SHAPE', `${shapesOf(module)} are no triangles of a matrix`);
  }
  const shared = count === 1;
  requireSizes(module, site, [site.out, shared ? site.in : count * blockSize]);
  const neumannTerms = module.peft?.neumannTerms;
  return {
    site,
    method: 'oft',
    options: { blockSize, shared, ...(neumannTerms === undefined ? {} : { neumannTerms }) },
    parameters: { rotation },
  };
}

/** LyCORIS: W′ = R W, Q = B − Bᵀ of every block B, held within a norm of alpha times the outputs where alpha is not 0. */
function readBlocks(module: ForeignModule, blocks: Tensor<'f32'>): SiteReading {
  const site = requiredSite(module);
  const [count = 0, size = 0, columns = 0, ...more] = blocks.shape;
  if (size !== columns || size < 2 || more.length > 0) {
    throw refusal(
      module,
      'ADAPTER_SHAPE',
      `${shapesOf(module)} are no blocks of square matrices; those of BOFT, with one axis more, cannot be read`,
    );
  }
  requireSizes(module, site, [count * size, site.in]);
  const rotation = float32([count, (size * (size - 1)) / 2]);
  let entry = 0;
  for (let b = 0; b < count; b++) {
    const at = (i: number, j: number) => blocks.data[(b * size + i) * size + j] ?? 0;
    for (let i = 0; i < size; i++) {
      for (let j = i + 1; j < size; j++) rotation.data[entry++] = at(i, j) - at(j, i);
    }
  }
  hold(rotation, (alphaTensor(module) ?? 0) * site.out);
  return {
    site,
    method: 'oft',
    options: { side: 'output', blockSize: size },
    parameters: { rotation },
  };
}

/** Shrinks Q, whose entries above the diagonal are given, to a norm; 0 is no limit. */
function hold({ data }: Tensor<'f32'>, limit: number): void {
  const norm = Math.sqrt(2 * data.reduce((sum, value) => sum + value * value, 0));
  if (limit <= 0 || norm <= limit) return;
  data.forEach((value, i) => {
    data[i] = (value * limit) / norm;
  });
}

const oftOptions = z.object({
  side: z.enum(['input', 'output']),
  neumannTerms: z.number().optional(),
});

function writeOft(site: Site, options: Options, { rotation }: Parameters): WrittenTensors {
  const { side, neumannTerms } = oftOptions.parse(options);
  invariant(rotation !== undefined, 'an OFT has rotation');
  return side === 'input'
    ? { algorithm: 'oft', neumannTerms, tensors: { oft_R: rotation } }
    : {
        algorithm: 'diag-oft',
        neumannTerms,
        tensors: { oft_blocks: triangles(rotation, site.out) },
      };
}

/** Entries above the diagonal as matrices of zeros elsewhere, whose own less their transposes are what they were. */
function triangles({ shape, data }: Tensor<'f32'>, side: number): Tensor<'f32'> {
  const [count = 1, entries = 0] = shape;
  const size = (1 + Math.sqrt(1 + 8 * entries)) / 2;
  const blocks = float32([side / size, size, size]);
  for (let b = 0; b < side / size; b++) {
    // One rotation may be shared by all blocks.
    let entry = (b % count) * entries;
    for (let i = 0; i < size; i++) {
      for (let j = i + 1; j < size; j++) {
        blocks.data[(b * size + i) * size + j] = data[entry++] ?? 0;
      }
    }
  }
  return blocks;
}

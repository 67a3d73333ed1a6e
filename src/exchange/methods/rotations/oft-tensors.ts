/** @file OFT in PEFT's files, turning inputs, and in LyCORIS', turning outputs. */
import * as z from 'zod';
import { invariant } from '../../../base/errors.ts';
import type { Site } from '../../../nn/index.ts';
import { concatenated, type Tensor } from '../../../tensor/tensor.ts';
import {
  alphaTensor,
  type ForeignModule,
  refusal,
  requiredSite,
  requireSizes,
  type SiteReading,
  shapesOf,
} from '../foreign-module.ts';
import type { ForeignMethod, Parameters } from '../method-record.ts';
import type { Options, WrittenTensors } from '../written-module.ts';
import { readTurned } from './boft-tensors.ts';
import { heldWithin, sideOf, upperEntries, withUpperEntries } from './skew-blocks.ts';

export const oftTensors: ForeignMethod = {
  title: 'OFT',
  signs: ['oft_R', 'oft_blocks'],
  others: ['alpha', 'rescale'],
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
  const blockSize = sideOf(entries);
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
  const limit = alphaTensor(module) ?? 0;
  if (blocks.shape.length === 4 || module.tensors.has('rescale')) return readTurned(module, limit);
  const site = requiredSite(module);
  const [count = 0, size = 0, columns = 0, ...more] = blocks.shape;
  if (size !== columns || size < 2 || more.length > 0) {
    throw refusal(
      module,
      'ADAPTER_SHAPE',
      `${shapesOf(module)} are no blocks of square matrices, of OFT or of BOFT with an axis more`,
    );
  }
  requireSizes(module, site, [count * size, site.in]);
  return {
    site,
    method: 'oft',
    options: { side: 'output', blockSize: size },
    parameters: { rotation: heldWithin(upperEntries(blocks), limit * site.out) },
  };
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
        tensors: { oft_blocks: everyBlock(rotation, site.out) },
      };
}

/** One rotation may be shared by all blocks. */
function everyBlock(rotation: Tensor<'f32'>, side: number): Tensor<'f32'> {
  const blocks = withUpperEntries(rotation);
  const [count = 1, size = 1] = blocks.shape;
  const copies = side / size / count;
  return copies === 1 ? blocks : concatenated(Array.from({ length: copies }, () => blocks));
}

/** @file BOFT in PEFT's files, turning inputs, and in LyCORIS', turning outputs; OFT with a scale is BOFT of one factor. */
import * as z from 'zod';
import { invariant } from '../../../base/errors.ts';
import { required } from '../../../base/required.ts';
import type { Site } from '../../../nn/index.ts';
import { float32, reshaped, type Tensor } from '../../../tensor/tensor.ts';
import {
  type ForeignModule,
  refusal,
  requiredSite,
  requiredTensor,
  requireSizes,
  type SiteReading,
  shapesOf,
} from '../foreign-module.ts';
import type { ForeignMethod, Parameters } from '../method-record.ts';
import type { Options, WrittenTensors } from '../written-module.ts';
import { type BlockForm, heldWithin, upperEntries, withUpperEntries } from './skew-blocks.ts';

export const boftTensors: ForeignMethod = {
  title: 'BOFT',
  signs: ['boft_R', 'boft_s'],
  read: (module) => [readInputs(module)],
  write: { boft: writeBoft },
};

/** PEFT: W′ = s ∘ W Rᵀ, every Q half of R − Rᵀ. */
function readInputs(module: ForeignModule): SiteReading {
  const scale = requiredTensor(module, 'boft_s');
  const site = requiredSite(module);
  const { blocks, factors, count, size } = blocksOf(module, requiredTensor(module, 'boft_R'));
  requireSizes(module, site, [scale.data.length, count * size]);
  return {
    site,
    method: 'boft',
    options: { side: 'input', blockSize: size, factors },
    parameters: { rotation: upperEntries(blocks, ofPeft), scale: lessOne(scale) },
  };
}

/**
 * LyCORIS: W′ = s ∘ R W, of BOFT or of OFT with a scale.
 *
 * @param limit times the outputs: the norm that all Q together are held within; 0 is none
 */
export function readTurned(module: ForeignModule, limit: number): SiteReading {
  const site = requiredSite(module);
  const stored = requiredTensor(module, 'oft_blocks');
  const isButterfly = stored.shape.length === 4;
  const whole = isButterfly ? stored : reshaped(stored, [1, ...stored.shape]);
  const { blocks, factors, count, size } = blocksOf(module, whole);
  const scale = module.tensors.get('rescale');
  requireSizes(module, site, [count * size, site.in]);
  if (scale !== undefined) requireSizes(module, site, [scale.data.length, site.in]);
  const rotation = upperEntries(blocks, isButterfly ? ofLycoris(size) : {});
  return {
    site,
    method: 'boft',
    options: { side: 'output', blockSize: size, factors },
    parameters: {
      rotation: heldWithin(rotation, limit * site.out),
      scale: scale === undefined ? float32([site.out]) : lessOne(scale),
    },
  };
}

/** R is (I − Q)(I + Q)⁻¹ here as in PEFT, with Q half of the difference. */
const ofPeft: BlockForm = { factor: 0.5 };

/** R is (I + Q)(I − Q)⁻¹, and the rows of a block alternate between the two halves of a segment. */
function ofLycoris(size: number): BlockForm {
  const half = size / 2;
  const order = Array.from({ length: size }, (_, i) => 2 * (i % half) + Math.floor(i / half));
  return { order, factor: -1 };
}

/** Factors, blocks of each, and rows of a block. */
function blocksOf(module: ForeignModule, blocks: Tensor<'f32'>) {
  const [factors = 0, count = 0, size = 0, columns = 0] = blocks.shape;
  if (blocks.shape.length !== 4 || size !== columns || size < 2) {
    throw refusal(
      module,
      'ADAPTER_SHAPE',
      `${shapesOf(module)} are no factors of blocks of square matrices`,
    );
  }
  const isHalved = factors > 1 || module.tensors.get('oft_blocks')?.shape.length === 4;
  if (isHalved && (size % 2 !== 0 || count % 2 ** (factors - 1) !== 0)) {
    throw refusal(
      module,
      'ADAPTER_SHAPE',
      `${factors} factors of blocks of ${size} take halves of blocks and ${2 ** (factors - 1)} blocks at a time, and ${shapesOf(module)} have ${count}: the file was cut or edited; take a whole one`,
    );
  }
  return { blocks, factors, count, size };
}

function lessOne(scale: Tensor<'f32'>): Tensor<'f32'> {
  return float32(
    [scale.data.length],
    scale.data.map((value) => value - 1),
  );
}

const boftOptions = z.object({
  side: z.enum(['input', 'output']),
  blockSize: z.number(),
  factors: z.number(),
});

function writeBoft(site: Site, options: Options, parameters: Parameters): WrittenTensors {
  const { side, blockSize, factors } = boftOptions.parse(options);
  const { rotation, scale } = parameters;
  invariant(rotation !== undefined && scale !== undefined, 'a BOFT has rotation and scale');
  const isOfInputs = side === 'input';
  const isButterfly = isOfInputs || factors > 1;
  const form = isOfInputs ? ofPeft : isButterfly ? ofLycoris(blockSize) : {};
  const matrices = withUpperEntries(rotation, form);
  const blocks = isButterfly
    ? reshaped(matrices, [factors, required(rotation.shape, 0) / factors, blockSize, blockSize])
    : matrices;
  const kernel = (site.kernel ?? []).map(() => 1);
  const whole = scale.data.map((value) => 1 + value);
  return isOfInputs
    ? { algorithm: 'peft-boft', tensors: { boft_R: blocks, boft_s: float32([site.out, 1], whole) } }
    : {
        algorithm: isButterfly ? 'boft' : 'diag-oft',
        tensors: { oft_blocks: blocks, rescale: float32([site.out, 1, ...kernel], whole) },
      };
}

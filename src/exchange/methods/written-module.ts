/** @file What a method's parameters are in the terms that other tools share: one product per module and its scale. */
import * as z from 'zod';
import { type AdapterFile, type PlacedAdapter, parameterName } from '../../adapters/index.ts';
import { AdapterError, invariant } from '../../base/errors.ts';
import type { Site } from '../../nn/index.ts';
import { transpose2d } from '../../tensor/linear-algebra/host-matrices.ts';
import { float32, reshaped, type Tensor } from '../../tensor/tensor.ts';
import type { Role } from '../names/tensor-names.ts';
import { withKernel } from './matrices.ts';

/** The tensors of one site, as other tools lay them out. */
export interface WrittenModule extends WrittenTensors {
  readonly site: Site;
}

interface WrittenTensors {
  /**
   * What the other tools call its method: `oft` turns inputs, `diag-oft` outputs; `published` is the Kronecker product
   * with permuted rows.
   */
  readonly algorithm: 'lora' | 'lokr' | 'loha' | 'oft' | 'diag-oft' | 'full' | 'published';
  readonly tensors: Readonly<Partial<Record<Role, Tensor<'f32'>>>>;
  /** Where anything is a product of inner size r: ΔW is multiplied by alpha / r, or alpha / √r. */
  readonly ranked?: {
    readonly rank: number;
    readonly alpha: number;
    readonly rankStabilized: boolean;
  };
  /** What DoRA's magnitudes are of, where there are any. @default 'output' */
  readonly magnitudeSide?: 'output' | 'input' | undefined;
  /** Multiplied onto ΔW where nothing has a rank. @default 1 */
  readonly scale?: number;
  /** Terms of the series that a rotation is computed by. */
  readonly neumannTerms?: number | undefined;
}

/** Alpha where ΔW is always multiplied by alpha / r. */
export function kohyaAlpha({
  rank,
  alpha,
  rankStabilized,
}: NonNullable<WrittenTensors['ranked']>): number {
  return rankStabilized ? alpha * Math.sqrt(rank) : alpha;
}

type Options = Readonly<Record<string, unknown>>;
/** The parameters of a site by name. */
type Parameters = Readonly<Record<string, Tensor<'f32'>>>;
type Writer = (site: Site, options: Options, parameters: Parameters) => WrittenTensors;

/** Methods that other tools know. */
const writers: Readonly<Record<string, Writer>> = {
  krona: writeKrona,
  lora: writeLora,
  lokr: writeLokr,
  loha: writeLoha,
  oft: writeOft,
  dreambooth: writeFull,
  'custom-diffusion': writeFull,
};

/** Whether an adapter is new rows of token tables, which other tools keep in files of their own. */
export function isEmbeddingAdapter({ sites }: PlacedAdapter): boolean {
  return sites.every(({ kind }) => kind === 'table');
}

/**
 * The modules of an adapter's sites; new rows of token tables are left out.
 *
 * @throws AdapterError FORMAT_UNFIT for a method that no other tool knows
 */
export function writtenModules({ placed, tensors }: AdapterFile): readonly WrittenModule[] {
  return placed
    .filter((each) => !isEmbeddingAdapter(each))
    .flatMap(({ adapter, sites }) => {
      const write = writers[adapter.method];
      if (write === undefined) {
        throw new AdapterError(
          'FORMAT_UNFIT',
          `no other tool knows ${adapter.method}; convert it to a LoRA, or merge it into a checkpoint`,
        );
      }
      return sites.map((site) => {
        const parameters = adapter.parameters(site).map(({ name }) => {
          const found = tensors.get(parameterName(site, name));
          invariant(found !== undefined, `${site.name} has no ${name}`);
          return [name, found] as const;
        });
        return { site, ...write(site, adapter.options, Object.fromEntries(parameters)) };
      });
    });
}

const rankOptions = z.object({
  rank: z.number(),
  alpha: z.number().optional(),
  rankStabilized: z.boolean(),
});

function rankedBy(options: Options): NonNullable<WrittenTensors['ranked']> {
  const { rank, alpha = rank, rankStabilized } = rankOptions.parse(options);
  return { rank, alpha, rankStabilized };
}

function magnitudeSide(options: Options): Pick<WrittenTensors, 'magnitudeSide'> {
  return options.doraSide === 'input' ? { magnitudeSide: 'input' } : {};
}

function writeLora(site: Site, options: Options, parameters: Parameters): WrittenTensors {
  const { A, B, magnitude } = parameters;
  invariant(A !== undefined && B !== undefined, 'a LoRA has A and B');
  return {
    algorithm: 'lora',
    ...magnitudeSide(options),
    ranked: rankedBy(options),
    tensors: {
      down: withKernel(A, site),
      up: site.kernel === undefined ? B : reshaped(B, [...B.shape, 1, 1]),
      ...(magnitude === undefined ? {} : { magnitude }),
    },
  };
}

const kronaOptions = z.object({ layout: z.enum(['kron', 'reference']), scale: z.number() });

function writeKrona(site: Site, options: Options, { A, B }: Parameters): WrittenTensors {
  const { layout, scale } = kronaOptions.parse(options);
  invariant(A !== undefined && B !== undefined, 'a KronA has A and B');
  // With one row in either factor there is nothing to permute.
  if (layout === 'kron' || A.shape[0] === 1 || B.shape[0] === 1) {
    return { algorithm: 'lokr', scale, tensors: { lokr_w1: A, lokr_w2: withKernel(B, site) } };
  }
  return { algorithm: 'published', scale, tensors: { down: transpose2d(A), up: B } };
}

function writeLokr(site: Site, options: Options, parameters: Parameters): WrittenTensors {
  const { scale } = z.object({ scale: z.number() }).parse(options);
  const { rank, alpha, rankStabilized } = rankedBy(options);
  const { w2, ...others } = parameters;
  return {
    algorithm: 'lokr',
    ...magnitudeSide(options),
    ...('w1' in parameters && w2 !== undefined
      ? { scale }
      : { ranked: { rank, alpha: alpha * scale, rankStabilized } }),
    tensors: renamed(lokrRoles, {
      ...others,
      ...(w2 === undefined ? {} : { w2: withKernel(w2, site) }),
    }),
  };
}

const lokrRoles: Readonly<Record<string, Role>> = {
  w1: 'lokr_w1',
  w1_a: 'lokr_w1_a',
  w1_b: 'lokr_w1_b',
  w2: 'lokr_w2',
  w2_a: 'lokr_w2_a',
  w2_b: 'lokr_w2_b',
  magnitude: 'magnitude',
};

function writeLoha(_site: Site, options: Options, parameters: Parameters): WrittenTensors {
  return {
    algorithm: 'loha',
    ...magnitudeSide(options),
    ranked: rankedBy(options),
    tensors: renamed(lohaRoles, parameters),
  };
}

const lohaRoles: Readonly<Record<string, Role>> = {
  w1_a: 'hada_w1_a',
  w1_b: 'hada_w1_b',
  w2_a: 'hada_w2_a',
  w2_b: 'hada_w2_b',
  magnitude: 'magnitude',
};

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

function writeFull(site: Site, _options: Options, { delta }: Parameters): WrittenTensors {
  invariant(delta !== undefined, 'a full difference has delta');
  if (site.kind !== 'vector') {
    return { algorithm: 'full', tensors: { diff: withKernel(delta, site) } };
  }
  const vector = reshaped(delta, [site.out]);
  return site.name.endsWith('.bias')
    ? { algorithm: 'full', tensors: { diff_b: vector } }
    : { algorithm: 'full', tensors: { w_norm: vector } };
}

function renamed(
  roles: Readonly<Record<string, Role>>,
  parameters: Parameters,
): Partial<Record<Role, Tensor<'f32'>>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [roles[name] ?? name, value]),
  );
}

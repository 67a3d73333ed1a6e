import { describe, expect, test } from 'vitest';
import { familySites } from '../../test/family-sites.ts';
import {
  type AdapterFile,
  configureAdapter,
  parameterName,
  placeAdapter,
} from '../adapters/index.ts';
import { TorchGenerator } from '../base/torch-random.ts';
import { decodeSafetensors } from '../formats/safetensors/safetensors.ts';
import { chooseSites, type Site } from '../nn/index.ts';
import { elementCount, float32 } from '../tensor/tensor.ts';
import { type ForeignAdapter, readForeignAdapter, writeForeignAdapter } from './index.ts';

const bases = {
  sd15: await familySites('sd15', 'tiny'),
  sdxl: await familySites('sdxl', 'tiny'),
} as const;

interface Part {
  readonly method: string;
  readonly options?: unknown;
  readonly targets: readonly string[];
}

/** An adapter with random numbers everywhere. */
function adapterOf(sites: readonly Site[], parts: readonly Part[]): AdapterFile {
  const random = new TorchGenerator(0);
  const placed = parts.map(({ method, options = {}, targets }) => {
    const adapter = configureAdapter(method, options);
    return placeAdapter(adapter, chooseSites(sites, targets, adapter.kinds));
  });
  const tensors = placed.flatMap(({ adapter, sites: own }) =>
    own.flatMap((site) =>
      adapter
        .parameters(site)
        .map(
          ({ name, shape }) =>
            [parameterName(site, name), float32(shape, random.randn(elementCount(shape)))] as const,
        ),
    ),
  );
  return { placed, tensors: new Map(tensors), base: { name: 'test', sites: sites.length } };
}

/** What the written files say, all parts together. */
function readBack(
  files: ReadonlyMap<string, Uint8Array>,
  sites: readonly Site[],
): Pick<ForeignAdapter, 'placed' | 'tensors'> {
  const read = [...files]
    .filter(([path]) => path.endsWith('.safetensors'))
    .map(([path, bytes]) => {
      const { tensors, metadata } = decodeSafetensors(bytes, path);
      const json = files.get(path.replace('adapter_model.safetensors', 'adapter_config.json'));
      const config = path.endsWith('adapter_model.safetensors')
        ? JSON.parse(new TextDecoder().decode(json))
        : undefined;
      const part = path.includes('/') ? path.split('/')[0] : undefined;
      return readForeignAdapter(tensors, metadata, {
        sites,
        where: path,
        config,
        part,
        token: 'dog',
      });
    });
  expect(read.flatMap(({ notes }) => notes)).toEqual([]);
  return {
    placed: read.flatMap(({ placed }) => placed),
    tensors: new Map(read.flatMap(({ tensors }) => [...tensors])),
  };
}

const attention = ['down_blocks.1.attentions.0.*attn1.to_q', 'mid_block.*attn2.to_*'];
const convolutions = ['down_blocks.0.resnets.0.conv1', 'down_blocks.0.downsamplers.0.conv'];
const texts = ['text_encoder.*.layers.0.self_attn.q_proj'];

/** Formats that hold a method without loss. */
const pairs: readonly [
  format: string,
  what: string,
  parts: readonly Part[],
  base?: keyof typeof bases,
][] = [
  ['kohya', 'KronA', [{ method: 'krona', options: { a1: 4, a2: 32 }, targets: attention }]],
  [
    'kohya',
    'KronA of several factors, also of a text encoder',
    [
      { method: 'krona', options: { a1: 16, a2: 16 }, targets: attention },
      { method: 'krona', options: { a1: 8, a2: 4 }, targets: texts },
    ],
  ],
  [
    'kohya',
    'KronA of convolutions, whole channels and parts of kernels',
    [
      {
        method: 'krona',
        options: { a1: 4, factors: { conv1: [4, 9], conv: [2, 32] } },
        targets: convolutions,
      },
    ],
  ],
  [
    'kohya',
    'KronA of SDXL, by the names of the original code',
    [{ method: 'krona', options: { a1: 4, a2: 32 }, targets: attention }],
    'sdxl',
  ],
  [
    'kohya',
    'LoRA',
    [{ method: 'lora', options: { rank: 4, alpha: 2 }, targets: [...attention, ...texts] }],
  ],
  ['kohya', 'LoCon', [{ method: 'lora', options: { rank: 4, alpha: 2 }, targets: convolutions }]],
  [
    'kohya',
    'DoRA',
    [
      {
        method: 'lora',
        options: { rank: 4, alpha: 1, dora: true },
        targets: [...attention, ...convolutions],
      },
    ],
  ],
  [
    'kohya',
    'DoRA of the inputs',
    [
      {
        method: 'lora',
        options: { rank: 4, alpha: 1, dora: true, doraSide: 'input' },
        targets: [...attention, ...convolutions],
      },
    ],
  ],
  [
    'kohya',
    'LoKr',
    [{ method: 'lokr', options: { rank: 2, alpha: 1 }, targets: [...attention, ...convolutions] }],
  ],
  [
    'kohya',
    'LoKr of two products',
    [{ method: 'lokr', options: { rank: 2, alpha: 1, decomposeBoth: true }, targets: attention }],
  ],
  [
    'kohya',
    'LoKr of full factors with DoRA',
    [{ method: 'lokr', options: { full: true, factor: 8, dora: true }, targets: attention }],
  ],
  [
    'kohya',
    'LoHa',
    [{ method: 'loha', options: { rank: 4, alpha: 1 }, targets: [...attention, ...convolutions] }],
  ],
  [
    'kohya',
    'full differences of matrices, biases and norms',
    [
      {
        method: 'dreambooth',
        targets: [
          'conv_in',
          'conv_in.bias',
          'conv_norm_out.weight',
          'conv_norm_out.bias',
          'mid_block.*to_out.0*',
        ],
      },
    ],
  ],
  [
    'kohya',
    'KronA with a new word',
    [
      { method: 'krona', options: { a1: 4, a2: 32 }, targets: attention },
      {
        method: 'textual-inversion',
        options: { token: '<dog>', vectors: 2 },
        targets: ['*.token_embedding'],
      },
    ],
  ],
  [
    'diffusers',
    'LoRA',
    [{ method: 'lora', options: { rank: 4 }, targets: [...attention, ...texts] }],
  ],
  [
    'diffusers',
    'LoRA with a scale',
    [
      { method: 'lora', options: { rank: 4, alpha: 3 }, targets: [...attention, ...texts] },
      { method: 'lora', options: { rank: 2, alpha: 1 }, targets: ['down_blocks.0.*attn1.to_k'] },
    ],
  ],
  [
    'diffusers',
    'DoRA, rank-stabilised',
    [
      {
        method: 'lora',
        options: { rank: 4, alpha: 3, dora: true, rankStabilized: true },
        targets: [...attention, ...convolutions],
      },
    ],
  ],
  [
    'peft',
    'LoRA',
    [{ method: 'lora', options: { rank: 4, alpha: 3 }, targets: [...attention, ...convolutions] }],
  ],
  [
    'peft',
    'LoRA of both parts, rank-stabilised',
    [
      {
        method: 'lora',
        options: { rank: 4, rankStabilized: true },
        targets: [...attention, ...texts],
      },
    ],
  ],
  [
    'peft',
    'DoRA',
    [
      {
        method: 'lora',
        options: { rank: 4, dora: true },
        targets: [...attention, ...convolutions],
      },
    ],
  ],
  [
    'peft',
    'KronA',
    [{ method: 'krona', options: { a1: 16, a2: 16, scale: 0.5 }, targets: attention }],
  ],
  [
    'peft',
    'LoKr',
    [{ method: 'lokr', options: { rank: 2, alpha: 1, factor: 8 }, targets: attention }],
  ],
  ['peft', 'LoHa', [{ method: 'loha', options: { rank: 4, alpha: 1 }, targets: attention }]],
  [
    'kohya',
    'OFT of the outputs',
    [{ method: 'oft', options: { side: 'output', blockSize: 8 }, targets: attention }],
  ],
  ['peft', 'OFT', [{ method: 'oft', options: { blockSize: 8 }, targets: attention }]],
  [
    'peft',
    "OFT as PEFT's default computes it, one rotation for all blocks",
    [
      {
        method: 'oft',
        options: { blockSize: 16, shared: true, neumannTerms: 5 },
        targets: attention,
      },
    ],
  ],
  [
    'official',
    'KronA with the rows of the published code',
    [{ method: 'krona', options: { a1: 32, a2: 8, layout: 'reference' }, targets: attention }],
  ],
  [
    'embedding',
    'a new word',
    [
      {
        method: 'textual-inversion',
        options: { token: '<dog>', vectors: 3 },
        targets: ['*.token_embedding'],
      },
    ],
  ],
  [
    'embedding',
    "a new word of SDXL's two text encoders",
    [{ method: 'textual-inversion', options: { token: 'dog' }, targets: ['*.token_embedding'] }],
    'sdxl',
  ],
];

describe('an adapter written and read again is the same, bit for bit', () => {
  test.each(pairs)('%s: %s', (format, _what, parts, base = 'sd15') => {
    const sites = bases[base];
    const file = adapterOf(sites, parts);
    const files = writeForeignAdapter(file, format, { sites });
    const read = readBack(files, sites);
    expect(read.tensors).toEqual(new Map([...file.tensors].sort(bySite(sites))));
    // What multiplies the tensors is the same too, or the bytes would differ.
    const again = writeForeignAdapter({ ...file, ...read }, format, { sites });
    expect(again).toEqual(files);
  });
});

function bySite(sites: readonly Site[]) {
  const order = new Map(sites.map(({ name }, i) => [name, i]));
  const at = (name: string) => order.get(name.slice(0, name.lastIndexOf('.'))) ?? 0;
  return ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => at(a) - at(b);
}

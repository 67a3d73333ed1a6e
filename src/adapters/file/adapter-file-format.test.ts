import { describe, expect, test } from 'vitest';
import { KronaError } from '../../base/errors.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { decodeSafetensors, encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import type { Site } from '../../nn/index.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import { initialTensors } from '../placed.ts';
import { configureAdapter } from '../registry.ts';
import { type AdapterFile, decodeAdapterFile, encodeAdapterFile } from './adapter-file-format.ts';

const sites: readonly Site[] = [
  { name: 'unet.mid_block.attn1.to_q', kind: 'linear', out: 8, in: 12 },
  { name: 'unet.down_blocks.0.attn2.to_k', kind: 'linear', out: 6, in: 4 },
];

function adapterFile(overrides: Partial<AdapterFile> = {}): AdapterFile {
  const adapter = configureAdapter('krona', { a1: 2, a2: 4 });
  const placed = { adapter, sites };
  return {
    placed: [placed],
    tensors: initialTensors(placed, new TorchGenerator(3)),
    base: { name: 'pocket', sites: 9 },
    targets: ['attention'],
    training: { seed: 3, steps: 40, subject: 'sks dog', class: 'dog', prompt: 'a {subject}' },
    ...overrides,
  };
}

/** A valid file with its content changed. */
function changed(
  change: (tensors: Map<string, Tensor>, metadata: Record<string, string>) => void,
): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(encodeAdapterFile(adapterFile()), 'file');
  const strings = { ...metadata };
  change(tensors, strings);
  return encodeSafetensors(tensors, strings);
}

function failure(bytes: Uint8Array, given?: readonly Site[]): { code: string; message: string } {
  try {
    decodeAdapterFile(bytes, 'my.safetensors', given);
  } catch (error) {
    if (error instanceof KronaError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('the file was accepted');
}

const q = 'unet.mid_block.attn1.to_q';

describe('an adapter file', () => {
  test('gives back what was written, in the order of the sites', () => {
    const file = adapterFile();
    const read = decodeAdapterFile(encodeAdapterFile(file), 'file', sites);
    const [placed] = read.placed;
    expect(placed?.sites).toEqual(sites);
    expect(placed?.adapter.method).toBe('krona');
    expect(placed?.adapter.options).toEqual(file.placed[0]?.adapter.options);
    expect([...read.tensors]).toEqual([...file.tensors]);
    expect(read.base).toEqual(file.base);
    expect(read.targets).toEqual(file.targets);
    expect(read.training).toEqual(file.training);
  });

  test('written again has the same bytes, whatever order its fields were given in', () => {
    const bytes = encodeAdapterFile(adapterFile());
    expect(encodeAdapterFile(decodeAdapterFile(bytes, 'file'))).toEqual(bytes);
    const training = { prompt: 'a {subject}', class: 'dog', subject: 'sks dog' };
    const base = { sites: 9, name: 'pocket' };
    const reordered = adapterFile({ base, training: { ...training, steps: 40, seed: 3 } });
    expect(encodeAdapterFile(reordered)).toEqual(bytes);
  });

  test('is safetensors with part, site and parameter in the names', () => {
    const { metadata, tensors } = decodeSafetensors(encodeAdapterFile(adapterFile()), 'file');
    expect([...tensors.keys()].sort()).toEqual([
      'unet.down_blocks.0.attn2.to_k.A',
      'unet.down_blocks.0.attn2.to_k.B',
      `${q}.A`,
      `${q}.B`,
    ]);
    expect(Object.keys(metadata)).toEqual([
      'format',
      'krona.adapters',
      'krona.base',
      'krona.targets',
      'krona.training',
      'krona.version',
    ]);
  });

  test('needs neither targets nor training', () => {
    const adapter = configureAdapter('lora', { rank: 2 });
    const placed = { adapter, sites };
    const tensors = initialTensors(placed, new TorchGenerator(0));
    const read = decodeAdapterFile(
      encodeAdapterFile({ placed: [placed], tensors, base: { name: 'sd15', sites: 2 } }),
      'file',
    );
    expect(read).not.toHaveProperty('targets');
    expect(read).not.toHaveProperty('training');
    expect(read.placed[0]?.adapter.options).toEqual(adapter.options);
  });

  test('is never written with a value that is not finite', () => {
    const tensors = new Map(adapterFile().tensors);
    tensors.set('unet.mid_block.attn1.to_q.A', float32([2, 4], Array(8).fill(Number.NaN)));
    expect(() => encodeAdapterFile(adapterFile({ tensors }))).toThrow(
      expect.objectContaining({ code: 'ADAPTER_NOT_FINITE' }),
    );
  });
});

describe('reading an adapter file refuses', () => {
  test('a value that is not finite, naming where it is', () => {
    const bytes = changed((tensors) => {
      tensors.set(`${q}.A`, float32([2, 4], [0, 0, 0, 0, 0, Number.POSITIVE_INFINITY, 0, 0]));
    });
    const { code, message } = failure(bytes);
    expect(code).toBe('ADAPTER_NOT_FINITE');
    expect(message).toContain('"unet.mid_block.attn1.to_q.A" holds Infinity at element 5');
  });

  test('missing, misshapen and unknown tensors, each with what it may have been', () => {
    const bytes = changed((tensors) => {
      const moved = tensors.get(`${q}.A`) ?? float32([]);
      tensors.delete(`${q}.A`);
      tensors.set(`${q}.a`, moved);
      tensors.set(`${q}.B`, float32([3, 4]));
    });
    const { code, message } = failure(bytes);
    expect(code).toBe('ADAPTER_TENSORS');
    expect(message.split('\n').slice(1, 4)).toEqual([
      `  "${q}.A" is missing; did you mean "${q}.a"?`,
      `  "${q}.B" should be f32[4, 3], is f32[3, 4]`,
      `  "${q}.a" does not belong here (it may be "${q}.A")`,
    ]);
  });

  test('a method it does not know, with the nearest', () => {
    const bytes = changed((_, metadata) => {
      metadata['krona.adapters'] = metadata['krona.adapters']?.replace('krona', 'kroma') ?? '';
    });
    const { code, message } = failure(bytes);
    expect(code).toBe('UNKNOWN_ADAPTER');
    expect(message).toContain('did you mean "krona"?');
  });

  test('options that the method refuses, or that are impossible at a site', () => {
    const unknown = changed((_, metadata) => {
      metadata['krona.adapters'] = metadata['krona.adapters']?.replace('a1', 'a3') ?? '';
    });
    expect(failure(unknown)).toMatchObject({
      code: 'ADAPTER_METADATA',
      message: expect.stringContaining('a3'),
    });
    const impossible = changed((_, metadata) => {
      metadata['krona.adapters'] = metadata['krona.adapters']?.replace('"a1":2', '"a1":5') ?? '';
    });
    expect(failure(impossible).message).toContain('a1 = 5 does not divide the output size 8');
  });

  test('a newer version', () => {
    const bytes = changed((_, metadata) => {
      metadata['krona.version'] = '2';
      metadata['krona.novelty'] = '{}';
    });
    expect(failure(bytes)).toMatchObject({
      code: 'ADAPTER_VERSION',
      message: expect.stringContaining('update diffusekrona'),
    });
  });

  test.each([
    ['krona.version', 'one', 'found "one"'],
    ['krona.adapters', '{', 'expected JSON'],
    ['krona.adapters', '[{"method":"krona","options":{},"sites":[]}]', 'sites'],
    ['krona.base', '{"name":"pocket"}', 'sites'],
    ['krona.training', '{"seeds":1}', 'seeds'],
    ['krona.trainig', '{}', 'did you mean "krona.training"?'],
  ])('metadata %s = %s', (key, value, said) => {
    const bytes = changed((_, metadata) => {
      metadata[key] = value;
    });
    const { code, message } = failure(bytes);
    expect(code).toBe('ADAPTER_METADATA');
    expect(message).toContain(said);
    expect(message).toContain('my.safetensors: ');
  });

  test('metadata that are missing', () => {
    const bytes = changed((_, metadata) => {
      delete metadata['krona.base'];
    });
    expect(failure(bytes)).toMatchObject({
      code: 'ADAPTER_METADATA',
      message: expect.stringContaining('krona.base'),
    });
  });

  test('a model without its sites, or with other sizes, saying what it was trained on', () => {
    const other: readonly Site[] = [
      { name: 'unet.mid_block.attn1.to_q', kind: 'linear', out: 8, in: 16 },
      { name: 'unet.down_blocks.1.attn2.to_k', kind: 'linear', out: 6, in: 4 },
    ];
    const { code, message } = failure(encodeAdapterFile(adapterFile()), other);
    expect(code).toBe('ADAPTER_BASE');
    expect(message.split('\n')).toEqual([
      'my.safetensors: trained on "pocket" (9 sites), which is built differently from the model given (2 sites):',
      '  "unet.down_blocks.0.attn2.to_k" is not in the model; did you mean "unet.down_blocks.1.attn2.to_k"?',
      '  "unet.mid_block.attn1.to_q" is 8 x 16 in the model, 8 x 12 in the adapter',
      'use it with "pocket" or a model of the same kind',
    ]);
  });

  test('a model for which only some of the sites are chosen is fine', () => {
    const more: readonly Site[] = [...sites, { name: 'x', kind: 'linear', out: 1, in: 1 }];
    const [placed] = decodeAdapterFile(encodeAdapterFile(adapterFile()), 'file', more).placed;
    expect(placed?.sites).toEqual(sites);
  });
});

describe('a file of another kind is named:', () => {
  const attn = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1';
  const flat = 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q';
  const cases: readonly [string, Readonly<Record<string, readonly number[]>>, string][] = [
    [
      'LoRA of kohya',
      { [`${flat}.lora_down.weight`]: [4, 8], [`${flat}.lora_up.weight`]: [8, 4] },
      "LoRA file in kohya's naming",
    ],
    [
      'LoRA of diffusers',
      { [`unet.${attn}.to_q.lora_A.weight`]: [4, 8], [`unet.${attn}.to_q.lora_B.weight`]: [8, 4] },
      "LoRA file in diffusers' naming",
    ],
    [
      'old LoRA of diffusers',
      {
        [`unet.${attn}.processor.to_q_lora.down.weight`]: [4, 8],
        [`unet.${attn}.processor.to_q_lora.up.weight`]: [8, 4],
      },
      "LoRA file in diffusers' naming",
    ],
    [
      'published DiffuseKronA',
      {
        [`unet.${attn}.processor.to_q_lora.down.weight`]: [4, 2],
        [`unet.${attn}.processor.to_q_lora.up.weight`]: [4, 2],
      },
      'DiffuseKronA checkpoint',
    ],
    ['LoKr', { [`${flat}.lokr_w1`]: [2, 2], [`${flat}.lokr_w2`]: [4, 4] }, 'LoKr file'],
    ['LoHa', { [`${flat}.hada_w1_a`]: [2, 2] }, 'LoHa file'],
    [
      'LoRA of PEFT',
      { [`base_model.model.${attn}.to_q.lora_A.weight`]: [2, 2] },
      'adapter of PEFT',
    ],
    ['checkpoint', { [`optimizer/mean/${attn}.to_q.A`]: [2] }, 'state of an optimiser'],
    [
      'single-file checkpoint',
      { 'model.diffusion_model.input_blocks.0.0.weight': [1] },
      'whole Stable Diffusion checkpoint',
    ],
    ['UNet', { 'conv_in.weight': [1], 'down_blocks.0.resnets.0.conv1.bias': [1] }, 'a UNet'],
    ['VAE', { 'encoder.conv_in.weight': [1] }, 'a VAE'],
    ['CLIP', { 'text_model.final_layer_norm.bias': [1] }, 'a CLIP model'],
    ['nothing', {}, 'no tensors at all'],
    ['anything else', { weight: [1] }, 'tensors such as "weight"'],
  ];
  test.each(cases)('%s', (_, shapes, said) => {
    const tensors = Object.entries(shapes).map(([name, shape]) => [name, float32(shape)] as const);
    const { code, message } = failure(encodeSafetensors(tensors));
    expect(code).toBe('NOT_AN_ADAPTER');
    expect(message).toContain(said);
  });

  test('a PyTorch pickle', () => {
    const zip = new TextEncoder().encode('PK\u0003\u0004 and so on, at some length');
    expect(failure(zip)).toMatchObject({ code: 'NOT_SAFETENSORS' });
  });
});

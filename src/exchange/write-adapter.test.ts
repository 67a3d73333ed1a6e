import { describe, expect, test } from 'vitest';
import { familySites } from '../../test/family-sites.ts';
import {
  type AdapterFile,
  configureAdapter,
  parameterName,
  placeAdapter,
} from '../adapters/index.ts';
import { AdapterError, ConfigError } from '../base/errors.ts';
import { decodeSafetensors, type SafetensorsContent } from '../formats/safetensors/safetensors.ts';
import { chooseSites, type Site } from '../nn/index.ts';
import { kron, relativeL2 } from '../tensor/linear-algebra/host-matrices.ts';
import { float32 } from '../tensor/tensor.ts';
import { readForeignAdapter, writeForeignAdapter } from './index.ts';
import { foreignFormats } from './write-adapter.ts';

const sd15 = await familySites('sd15');
const sdxl = await familySites('sdxl');
const query = 'down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q';

/** An adapter whose tensors count upwards by eighths. */
function adapterOf(
  method: string,
  options: unknown,
  targets: readonly string[] = [query],
  sites: readonly Site[] = sd15,
): AdapterFile {
  const adapter = configureAdapter(method, options);
  const placed = placeAdapter(adapter, chooseSites(sites, targets, adapter.kinds));
  const tensors = placed.sites.flatMap((site) =>
    adapter.parameters(site).map(({ name, shape }) => {
      const value = float32(shape);
      value.data.forEach((_, i) => {
        value.data[i] = (i % 64) / 8 - 4;
      });
      return [parameterName(site, name), value] as const;
    }),
  );
  return {
    placed: [placed],
    tensors: new Map(tensors),
    base: { name: 'test', sites: sites.length },
    training: {
      subject: 'sks dog',
      prompt: 'a photo of {subject}',
      steps: 3,
      seed: 0,
      resolution: 512,
    },
  };
}

function onlyFile(files: ReadonlyMap<string, Uint8Array>): SafetensorsContent {
  const [path = '', bytes = new Uint8Array()] = [...files][0] ?? [];
  return decodeSafetensors(bytes, path);
}

test('in eight bits alpha stays whole, as it scales all the rest', () => {
  const file = adapterOf('lora', { rank: 4, alpha: 3.3 });
  const written = writeForeignAdapter(file, 'kohya', { sites: sd15, dtype: 'f8e4m3' });
  const { tensors } = onlyFile(written);
  const dtypes = [...tensors].map(([name, { dtype }]) => [
    name.split('.').slice(1).join('.'),
    dtype,
  ]);
  expect(Object.fromEntries(dtypes)).toEqual({
    alpha: 'f32',
    'lora_down.weight': 'f8e4m3',
    'lora_up.weight': 'f8e4m3',
  });
});

describe('kohya files', () => {
  test('of Stable Diffusion 1.5 name the base, the method and the trigger words', () => {
    const file = adapterOf('krona', { a1: 16, a2: 16 });
    const { metadata, tensors } = onlyFile(writeForeignAdapter(file, 'kohya', { sites: sd15 }));
    expect(metadata).toMatchInlineSnapshot(`
      {
        "modelspec.architecture": "stable-diffusion-v1/lora",
        "modelspec.implementation": "diffusers",
        "modelspec.prediction_type": "epsilon",
        "modelspec.resolution": "512x512",
        "modelspec.sai_model_spec": "1.0.1",
        "modelspec.title": "sks dog",
        "modelspec.trigger_phrase": "a photo of sks dog",
        "ss_base_model_version": "sd_v1",
        "ss_max_train_steps": "3",
        "ss_network_alpha": "1",
        "ss_network_args": "{"algo":"lokr","full_matrix":"True","factor":"16"}",
        "ss_network_dim": "1",
        "ss_network_module": "lycoris.kohya",
        "ss_output_name": "sks dog",
        "ss_resolution": "(512, 512)",
        "ss_seed": "0",
        "ss_steps": "3",
        "ss_tag_frequency": "{"1_sks dog":{"a photo of sks dog":1}}",
        "ss_training_comment": "trained with diffusekrona on test",
        "ss_v2": "False",
      }
    `);
    expect([...tensors].map(([name, { shape }]) => `${name} [${shape}]`)).toMatchInlineSnapshot(`
      [
        "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q.alpha []",
        "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q.lokr_w1 [16,16]",
        "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q.lokr_w2 [40,40]",
      ]
    `);
  });

  test("of SDXL have the original code's names, or diffusers' where asked for", () => {
    const file = adapterOf('lora', { rank: 2 }, [query], sdxl);
    const names = (blocks?: 'diffusers') =>
      [
        ...onlyFile(
          writeForeignAdapter(file, 'kohya', { sites: sdxl, ...(blocks ? { blocks } : {}) }),
        ).tensors.keys(),
      ][0];
    expect(names()).toMatch(/^lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q\./);
    expect(names('diffusers')).toMatch(/^lora_unet_down_blocks_1_attentions_0_/);
  });

  test('say what a base of velocities is, as sd-scripts does', async () => {
    const sites = await familySites('sd21');
    const file = adapterOf('lora', { rank: 2 }, [query], sites);
    const options = {
      sites,
      prediction: 'v_prediction',
      date: '2026-01-31',
      title: 'dog',
    } as const;
    expect(onlyFile(writeForeignAdapter(file, 'kohya', options)).metadata).toMatchObject({
      ss_base_model_version: 'sd_v2_v',
      ss_v2: 'True',
      'modelspec.architecture': 'stable-diffusion-v2-768-v/lora',
      'modelspec.prediction_type': 'v',
      'modelspec.date': '2026-01-31',
      ss_output_name: 'dog',
    });
  });

  test('carry the scale of full factors in the first, because readers ignore alpha', () => {
    const file = adapterOf('krona', { a1: 4, a2: 64, scale: 0.3 });
    const { tensors, metadata } = onlyFile(writeForeignAdapter(file, 'kohya', { sites: sd15 }));
    const read = readForeignAdapter(tensors, metadata, { sites: sd15, where: 'file' });
    const product = (from: Pick<AdapterFile, 'tensors'>) => {
      const [a, b] = ['A', 'B'].map((name) => from.tensors.get(`unet.${query}.${name}`));
      if (a === undefined || b === undefined) throw new Error('a factor is missing');
      return kron(a, b);
    };
    const { shape, data } = product(file);
    const expected = float32(
      shape,
      data.map((value) => value * 0.3),
    );
    expect(read.placed[0]?.adapter.options.scale).toBe(1);
    // Two roundings to float32 instead of one.
    expect(relativeL2(product(read), expected)).toBeLessThan(1e-7);
  });

  test('state in the header what every module has, and are read back without a word', () => {
    const key = query.replace('to_q', 'to_k');
    const small = adapterOf('lora', { rank: 2, alpha: 6 });
    const large = adapterOf('lora', { rank: 4, alpha: 8 }, [key]);
    const mixed = {
      ...small,
      placed: [...small.placed, ...large.placed],
      tensors: new Map([...small.tensors, ...large.tensors]),
    };
    const stabilized = adapterOf('lora', { rank: 4, alpha: 3, rankStabilized: true });
    for (const [file, rank, alpha] of [
      [small, '2', '6'],
      [mixed, 'Dynamic', 'Dynamic'],
      [stabilized, '4', '6'],
    ] as const) {
      const { tensors, metadata } = onlyFile(writeForeignAdapter(file, 'kohya', { sites: sd15 }));
      expect(metadata).toMatchObject({ ss_network_dim: rank, ss_network_alpha: alpha });
      const read = readForeignAdapter(tensors, metadata, { sites: sd15, where: 'file' });
      expect(read.notes).toEqual([]);
    }
  });

  test('may be in half precision, where the numbers fit', () => {
    const file = adapterOf('lora', { rank: 2 });
    const half = onlyFile(writeForeignAdapter(file, 'kohya', { sites: sd15, dtype: 'f16' }));
    expect(new Set([...half.tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(['f16']));
    file.tensors.get(`unet.${query}.A`)?.data.fill(1e5);
    const write = () => writeForeignAdapter(file, 'kohya', { sites: sd15, dtype: 'f16' });
    expect(write).toThrow(/down\.weight" holds numbers that f16 cannot; write f32 or bf16/);
  });
});

test.each([
  ['peft', 'base_model.model.conv_in.lora_magnitude_vector.weight'],
  ['diffusers', 'unet.conv_in.lora_magnitude_vector'],
])('%s has the magnitudes of a convolution along its second axis', (format, name) => {
  const file = adapterOf('lora', { rank: 2, dora: true }, ['conv_in']);
  const { tensors } = onlyFile(writeForeignAdapter(file, format, { sites: sd15 }));
  expect(tensors.get(name)?.shape).toEqual([1, 320, 1, 1]);
});

test('a new word alone is one file, whatever the format', () => {
  const file = adapterOf('textual-inversion', { token: '<dog>' }, ['*.token_embedding']);
  for (const format of Object.keys(foreignFormats)) {
    expect([...writeForeignAdapter(file, format, { sites: sd15 }).keys()]).toEqual([
      'dog.safetensors',
    ]);
  }
});

describe('what a format cannot hold is refused with what can', () => {
  test.each([
    ['kohya', 'krona', { a1: 64, a2: 8, layout: 'reference' }, /write "official", or convert/],
    [
      'kohya',
      'krona',
      { a1: 4, a2: 64, terms: 2 },
      /sums of Kronecker products.* one of 2; convert/,
    ],
    ['kohya', 'oft', { blockSize: 8 }, /write "peft"/],
    ['kohya', 'svdiff', {}, /no other tool knows svdiff; convert it/],
    ['diffusers', 'krona', { a1: 4, a2: 64 }, /LoRA only; write "kohya" or "peft"/],
    [
      'peft',
      'krona',
      { a1: 4, a2: 64 },
      /none gives \(4, 64\) everywhere; \(1, 1\), \(2, 2\).*\(64, 64\).* would load/,
    ],
    ['peft', 'krona', { a1: 64, a2: 8, layout: 'reference' }, /write "official"/],
    ['peft', 'dreambooth', {}, /no full differences; write "kohya"/],
    ['peft', 'loha', { dora: true }, /DoRA for LoRA only/],
    ['diffusers', 'lora', { dora: true, doraSide: 'input' }, /lengths of rows only/],
    ['official', 'krona', { a1: 4, a2: 64 }, /layout "reference" only/],
    ['embedding', 'lora', { rank: 2 }, /a new word; this adapter has none|a new word only/],
  ] as const)('%s: %s %o', (format, method, options, message) => {
    const write = () => writeForeignAdapter(adapterOf(method, options), format, { sites: sd15 });
    expect(write).toThrow(AdapterError);
    expect(write).toThrow(message);
  });

  test('two methods in one configuration of PEFT', () => {
    const [first, second] = [
      adapterOf('lora', { rank: 2 }),
      adapterOf('loha', { rank: 2 }, ['mid_block.*attn1.to_q']),
    ];
    const file = {
      ...first,
      placed: [...first.placed, ...second.placed],
      tensors: new Map([...first.tensors, ...second.tensors]),
    };
    const write = () => writeForeignAdapter(file, 'peft', { sites: sd15 });
    expect(write).toThrow(/here the method differs among them \(lora, loha\)/);
  });

  test('an unknown format, with the nearest', () => {
    const write = () => writeForeignAdapter(adapterOf('lora', {}), 'koyha', { sites: sd15 });
    expect(write).toThrow(ConfigError);
    expect(write).toThrow(/did you mean "kohya"\?/);
  });
});

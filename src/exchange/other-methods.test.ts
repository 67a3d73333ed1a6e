import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../test/fixtures.ts';
import { failure, read, sd15 } from '../../test/foreign-files.ts';
import type { AdapterFile } from '../adapters/index.ts';
import { required } from '../base/required.ts';
import { decodeSafetensors } from '../formats/safetensors/safetensors.ts';
import type { Site } from '../nn/index.ts';
import { float32, type Shape, type Tensor } from '../tensor/tensor.ts';
import { readForeignAdapter, writeForeignAdapter } from './index.ts';

const path = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';
const flat = `lora_unet_${path.replaceAll('.', '_')}`;
const peft = `base_model.model.${path}`;
const convolution = 'lora_unet_conv_out'; // [4, 320, 3, 3]
const square = 'base_model.model.down_blocks.0.resnets.0.conv1'; // [320, 320, 3, 3]

const glora = {
  [`${flat}.a1.weight`]: [320, 4],
  [`${flat}.a2.weight`]: [4, 320],
  [`${flat}.b1.weight`]: [320, 4],
  [`${flat}.b2.weight`]: [4, 320],
  [`${flat}.alpha`]: [],
};

const without = (shapes: Readonly<Record<string, Shape>>, name: string) =>
  Object.fromEntries(Object.entries(shapes).filter(([each]) => each !== name));

describe('GLoRA', () => {
  test('whose factors stand in the order of its first version is the same', () => {
    const [a1, a2, b1, b2] = [1, 2, 3, 4].map((value) => float32([320, 4]).data.fill(value));
    const file = (named: Readonly<Record<string, readonly [Shape, Float32Array | undefined]>>) =>
      new Map<string, Tensor>([
        ...Object.entries(named).map(
          ([name, [shape, data]]) =>
            [`${flat}.${name}.weight`, float32(shape, [...(data ?? [])])] as const,
        ),
        [`${flat}.alpha`, float32([], [2])],
      ]);
    const today = file({
      a1: [[320, 4], a1],
      a2: [[4, 320], a2],
      b1: [[320, 4], b1],
      b2: [[4, 320], b2],
    });
    const first = file({
      a1: [[4, 320], a2],
      a2: [[320, 4], a1],
      b1: [[4, 320], b2],
      b2: [[320, 4], b1],
    });
    const options = { sites: sd15, where: 'file' };
    expect(readForeignAdapter(first, {}, options).tensors).toEqual(
      readForeignAdapter(today, {}, options).tensors,
    );
  });

  test.each(['a1', 'a2', 'b1', 'b2'])('without %s is refused', (role) => {
    const { code, message } = failure(without(glora, `${flat}.${role}.weight`));
    expect(code).toBe('MODULE_INCOMPLETE');
    expect(message).toContain(`there is no ${role}`);
  });

  test('of another rank on one side, or of other sizes, is refused', () => {
    expect(failure({ ...glora, [`${flat}.b2.weight`]: [3, 320] }).message).toContain(
      'no rank in common',
    );
    expect(failure({ ...glora, [`${flat}.a2.weight`]: [4, 640] }).code).toBe('ADAPTER_SHAPE');
    expect(failure({ ...glora, [`${flat}.dora_scale`]: [320, 1] }).code).toBe('METHOD_UNKNOWN');
  });
});

describe('(IA)³', () => {
  test('of LyCORIS is told by what stands beside its weight', () => {
    const layer = { [`${flat}.weight`]: [320, 320], [`${flat}.bias`]: [320] };
    expect(failure(layer).code).toBe('NOT_AN_ADAPTER');
    expect(failure({ [`${flat}.on_input`]: [] }).message).toContain('there is no ia3_weight');
    const { placed } = read({ [`${flat}.weight`]: [320], [`${flat}.on_input`]: [] });
    expect(placed[0]?.adapter).toMatchObject({ method: 'ia3', options: { side: 'input' } });
  });

  test('of a size that is neither side is refused', () => {
    const { code, message } = failure({
      [`${convolution}.weight`]: [1, 8, 1, 1],
      [`${convolution}.on_input`]: [],
    });
    expect(code).toBe('ADAPTER_SHAPE');
    expect(message).toContain('8 factors are not those of the 320 input channels');
  });

  test.each([
    ['input', [`resnets.0.conv1`], 1],
    ['input', '.*conv1', 1],
    ['output', [], 2],
  ] as const)(
    'of PEFT: where sizes do not tell it, the configuration says that it is of the %ss',
    (side, modules, count) => {
      const config = { peft_type: 'IA3', feedforward_modules: modules };
      const { placed } = read({ [`${square}.ia3_l`]: [1, 320, 1, 1] }, { config });
      expect(placed).toHaveLength(1);
      expect(placed[0]?.adapter.options).toEqual({ side });
      // Where outputs are multiplied, the bias is too.
      expect(placed[0]?.sites).toHaveLength(count);
    },
  );
});

describe('BOFT', () => {
  const config = { peft_type: 'BOFT' };

  test('without its scale, which PEFT always writes, is refused', () => {
    const { code, message } = failure({ [`${peft}.boft_R`]: [1, 80, 4, 4] }, { config });
    expect(code).toBe('MODULE_INCOMPLETE');
    expect(message).toContain('there is no boft_s');
  });

  test.each<[string, Shape, string]>([
    ['blocks that are not square', [1, 80, 4, 3], 'no factors of blocks of square matrices'],
    ['no axis of factors', [80, 4, 4], 'no factors of blocks of square matrices'],
    ['blocks of other inputs', [1, 160, 4, 4], 'make 320 x 640'],
    ['more factors than segments', [8, 80, 4, 4], '8 factors of blocks of 4'],
    ['several factors of odd blocks', [2, 64, 5, 5], '2 factors of blocks of 5'],
  ])('with %s is refused', (_what, shape, said) => {
    const shapes = { [`${peft}.boft_R`]: shape, [`${peft}.boft_s`]: [320, 1] };
    expect(failure(shapes, { config }).message).toContain(said);
  });
});

test('BOFT of LyCORIS with odd blocks, which have no halves, is refused', () => {
  const { code, message } = failure({
    [`${flat}.oft_blocks`]: [1, 64, 5, 5],
    [`${flat}.alpha`]: [],
  });
  expect(code).toBe('ADAPTER_SHAPE');
  expect(message).toContain('1 factors of blocks of 5 take halves of blocks');
});

const layers = fixturePath('adapter-layers-more');

describe('written again under the names of LyCORIS, the same numbers are read of', () => {
  test.each([
    'lycoris_glora_dim4_a2/24x16',
    'lycoris_glora_dim3_a3/8x6x3x3',
    'lycoris_ia3_output/24x16',
    'lycoris_ia3_input/8x6x3x3',
    'lycoris_boft_6/24x16',
    'lycoris_boft_12_rescaled/8x6x3x3',
    'lycoris_oft_4_rescaled/24x16',
  ])('%s', async (name) => {
    const where = join(layers, name, 'lycoris.safetensors');
    const site = layerOf(name);
    const options = { sites: [site], where };
    const file = decodeSafetensors(await readFile(where), where);
    const { placed, tensors } = readForeignAdapter(file.tensors, {}, options);
    const own: AdapterFile = { placed, tensors, base: { name: 'layer', sites: 1 } };
    const [bytes] = writeForeignAdapter(own, 'kohya', { sites: [site] }).values();
    const again = decodeSafetensors(bytes ?? new Uint8Array(), where);
    const found = readForeignAdapter(again.tensors, again.metadata, options);
    expect(found.placed.map(({ adapter }) => adapter.options)).toEqual(
      placed.map(({ adapter }) => adapter.options),
    );
    for (const [parameter, { data }] of tensors) {
      const other = found.tensors.get(parameter)?.data ?? [];
      // 1 + s of float32 is rounded where it is written, and so is its difference to 1.
      for (const [i, value] of data.entries()) expect(other[i]).toBeCloseTo(value, 6);
    }
  });
});

test('what multiplies biases, and what turns inputs, is no file of LyCORIS', () => {
  const [ofPeft, turned] = [
    read({ [`${square}.ia3_l`]: [1, 320, 1, 1] }, { config: { peft_type: 'IA3' } }),
    read(
      { [`${peft}.boft_R`]: [1, 80, 4, 4], [`${peft}.boft_s`]: [320, 1] },
      { config: { peft_type: 'BOFT' } },
    ),
  ];
  for (const { placed, tensors } of [ofPeft, turned]) {
    const own: AdapterFile = { placed, tensors, base: { name: 'sd15', sites: sd15.length } };
    for (const format of ['kohya', 'peft'] as const) {
      expect(() => writeForeignAdapter(own, format, { sites: sd15 })).toThrow('full differences');
    }
  }
});

/** Of a name such as `lycoris_boft_6/24x16`. */
function layerOf(name: string): Site {
  const [out = 0, channels = 0, ...kernel] = required(name.split('/'), 1).split('x').map(Number);
  const [height, width] = kernel;
  return height === undefined || width === undefined
    ? { name: 'unet.lin', kind: 'linear', out, in: channels }
    : {
        ...{ name: 'unet.lin', kind: 'convolution', out, in: channels * height * width },
        kernel: [height, width],
      };
}

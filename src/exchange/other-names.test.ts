/** Spellings that tools leave in files, and methods that are only recognised. */
import { describe, expect, test } from 'vitest';
import { failure, read, sd15, tensorsOf } from '../../test/foreign-files.ts';
import { float32, type Shape, type Tensor } from '../tensor/tensor.ts';
import { readForeignAdapter } from './index.ts';

const path = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';
const flat = `lora_unet_${path.replaceAll('.', '_')}`;

const kohyaLora = {
  [`${flat}.lora_down.weight`]: [4, 320],
  [`${flat}.lora_up.weight`]: [320, 4],
  [`${flat}.alpha`]: [],
};
const config = { peft_type: 'LORA', lora_alpha: 8, r: 4 };

describe("PEFT's names", () => {
  test.each([
    ['of a saved adapter', `base_model.model.${path}`, ''],
    ['of a model in memory', `base_model.model.${path}`, '.default'],
    ['of the second adapter in memory', `base_model.model.${path}`, '.default_0'],
    ['with the part of the pipeline', `base_model.model.unet.${path}`, ''],
    ['with both', `base_model.model.unet.${path}`, '.my-style'],
    ['of diffusers in memory', `unet.${path}`, '.default_1'],
  ])('%s', (_what, module, adapter) => {
    const shapes = {
      [`${module}.lora_A${adapter}.weight`]: [4, 320],
      [`${module}.lora_B${adapter}.weight`]: [320, 4],
      [`${module}.lora_magnitude_vector${adapter}${adapter === '' ? '' : '.weight'}`]: [320],
    };
    const [placed] = read(shapes, { config }).placed;
    expect(placed?.adapter.options).toMatchObject({ rank: 4, alpha: 8, dora: true });
    expect(placed?.sites.map(({ name }) => name)).toEqual([`unet.${path}`]);
  });

  test('of Kronecker factors, whose tensors have no "weight"', () => {
    const module = `base_model.model.${path}`;
    const shapes = {
      [`${module}.lokr_w1.default`]: [4, 4],
      [`${module}.lokr_w2.default`]: [80, 80],
    };
    const [placed] = read(shapes, { config: { peft_type: 'LOKR', r: 8, alpha: 8 } }).placed;
    expect(placed?.adapter).toMatchObject({ method: 'krona', options: { a1: 4, a2: 4 } });
  });

  test('of two adapters in one file are refused', () => {
    const shapes = {
      [`unet.${path}.lora_A.default_0.weight`]: [4, 320],
      [`unet.${path}.lora_A.default_1.weight`]: [4, 320],
    };
    const { code, message } = failure(shapes);
    expect(code).toBe('SEVERAL_ADAPTERS');
    expect(message).toContain('"default_0" and "default_1"');
  });
});

test('two names of one tensor are refused, where one would have replaced the other', () => {
  const { code, message } = failure({ ...kohyaLora, [`${flat}.lora_A.weight`]: [4, 320] });
  expect(code).toBe('DUPLICATE_TENSOR');
  expect(message).toContain(`"${flat}.lora_A.weight"`);
});

describe('a method that is not read is named:', () => {
  const peft = `base_model.model.${path}`;
  test.each<[string, Readonly<Record<string, Shape>>]>([
    ["PEFT's GLoRA", { [`${peft}.glora_A.Xd`]: [320, 4], [`${peft}.glora_A.Xu`]: [4, 320] }],
    ["PEFT's GLoRA", { [`${peft}.glora_D.X`]: [320] }],
    ["PEFT's GLoRA", { [`${peft}.glora_E.default.zeros`]: [1] }],
    ["PEFT's GLoRA", { [`${peft}.glora_Ad`]: [320, 4], [`${peft}.glora_D.default`]: [320] }],
    ['PEFT, of a method of its own', { [`${peft}.hira_Z`]: [96, 96] }],
    ['LoRA with a bias of its own', { ...kohyaLora, [`${peft}.lora_B.bias`]: [320] }],
    ["take the place of the base's", { ...kohyaLora, 'diffusion_model.out.2.set_weight': [4] }],
  ])('%s', (title, shapes) => {
    const { code, message } = failure(shapes);
    expect(code).toBe('METHOD_UNREAD');
    expect(message).toContain(title);
    expect(message).toContain('read are LoRA, LoKr');
  });

  test('unless it may be left out, and something else is there', () => {
    const shapes = { ...kohyaLora, [`${flat}.lora_up.bias`]: [320] };
    const { placed, notes } = read(shapes, { tolerate: ['unmatched'] });
    expect(placed).toHaveLength(1);
    expect(notes).toEqual([expect.stringContaining('1 modules or tensors')]);
  });
});

describe("DoRA's magnitudes", () => {
  test.each<[string, Shape, string | undefined]>([
    ['of the outputs, as LyCORIS writes them', [320, 1], undefined],
    ['of the outputs, as PEFT writes them', [320], undefined],
    ["of the inputs, as OneTrainer's", [1, 320], 'input'],
  ])('%s', (_what, shape, side) => {
    const [placed] = read({ ...kohyaLora, [`${flat}.dora_scale`]: shape }).placed;
    expect(placed?.adapter.options).toMatchObject({ dora: true });
    expect(placed?.adapter.options.doraSide).toBe(side);
  });

  test('of the input channels of a convolution', () => {
    const name = 'lora_unet_conv_out';
    const [placed] = read({
      [`${name}.lora_down.weight`]: [2, 320, 3, 3],
      [`${name}.lora_up.weight`]: [4, 2, 1, 1],
      [`${name}.alpha`]: [],
      [`${name}.dora_scale`]: [1, 320, 1, 1],
    }).placed;
    expect(placed?.adapter.options).toMatchObject({ dora: true, doraSide: 'input' });
  });

  test('of neither are refused', () => {
    const { code } = failure({ ...kohyaLora, [`${flat}.dora_scale`]: [1, 640] });
    expect(code).toBe('DORA_SIDE');
  });
});

test.each(['lora_down.weight', 'alpha', 'dora_scale'])(
  'NaN in %s is refused by its name',
  (role) => {
    const tensors = new Map(tensorsOf({ ...kohyaLora, [`${flat}.dora_scale`]: [320, 1] }));
    const broken = tensors.get(`${flat}.${role}`);
    if (broken === undefined) throw new Error('no such tensor');
    broken.data[0] = Number.NaN;
    expect(() => readForeignAdapter(tensors, {}, { sites: sd15, where: 'file' })).toThrow(
      `"${flat}.${role}" holds NaN at element 0`,
    );
  },
);

test('numbers whose product is infinite are refused', () => {
  const big = float32([80, 2], Array(160).fill(3e38));
  const tensors = new Map<string, Tensor>([
    [`${flat}.lokr_w1`, float32([4, 4], Array(16).fill(1))],
    [`${flat}.lokr_w2_a`, big],
    [`${flat}.lokr_w2_b`, float32([2, 80], Array(160).fill(3e38))],
    [`${flat}.alpha`, float32([], [2])],
    ...[...tensorsOf({ 'lora_unet_conv_out.lora_up.weight': [4, 8, 1, 1] })],
    ['lora_unet_conv_out.lora_down.weight', float32([8, 320, 3, 3], Array(23040).fill(3e38))],
    ['lora_unet_conv_out.alpha', float32([], [8])],
  ]);
  expect(() => readForeignAdapter(tensors, {}, { sites: sd15, where: 'file' })).toThrow(
    '"unet.conv_out.delta" holds Infinity',
  );
});

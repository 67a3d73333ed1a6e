import { describe, expect, test } from 'vitest';
import { familySites } from '../../../test/family-sites.ts';
import { KronaError } from '../../base/errors.ts';
import { float32, type Shape, type Tensor } from '../../tensor/tensor.ts';
import { type ReadOptions, readForeignAdapter } from '../index.ts';

const sd15 = await familySites('sd15');
const path = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';
const dotted = `unet.${path}`;
const flat = `lora_unet_${path.replaceAll('.', '_')}`;
const convolution = 'unet.down_blocks.0.resnets.0.conv1';

const filled = (shape: Shape, value = 1): Tensor<'f32'> =>
  float32(shape, Array(shape.reduce((a, b) => a * b, 1)).fill(value));

type Metadata = Readonly<Record<string, string>>;

/** A LoRA of rank 4 under diffusers' names. */
const diffusers: ReadonlyMap<string, Tensor> = new Map([
  [`${dotted}.lora_A.weight`, filled([4, 320])],
  [`${dotted}.lora_B.weight`, filled([320, 4])],
]);

/** The same under kohya's names. */
const kohya = (alpha?: number): ReadonlyMap<string, Tensor> =>
  new Map([
    [`${flat}.lora_down.weight`, filled([4, 320])],
    [`${flat}.lora_up.weight`, filled([320, 4])],
    ...(alpha === undefined ? [] : [[`${flat}.alpha`, filled([], alpha)] as const]),
  ]);

function read(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Metadata = {},
  options: Partial<ReadOptions> = {},
) {
  return readForeignAdapter(tensors, metadata, { sites: sd15, where: 'file', ...options });
}

/** α/r, or α/√r, of the only method there is. */
function scaleIn(...given: Parameters<typeof read>): number {
  const [{ adapter } = { adapter: undefined }] = read(...given).placed;
  const { rank, alpha, rankStabilized } = adapter?.options ?? {};
  return Number(alpha) / (rankStabilized ? Math.sqrt(Number(rank)) : Number(rank));
}

const peft = (json: Readonly<Record<string, unknown>>): Metadata => ({
  lora_adapter_metadata: JSON.stringify(json),
});

describe('alpha and rank of the header', () => {
  test.each<[string, Metadata, number]>([
    ['nothing', {}, 1],
    ['keys of the part', { 'unet.lora_alpha': '1', 'unet.r': '4' }, 1 / 4],
    ['keys of another part', { 'text_encoder.lora_alpha': '1', 'text_encoder.r': '4' }, 1],
    ["PEFT's keys", { lora_alpha: '2', r: '4' }, 1 / 2],
    ['plain keys', { alpha: '8', rank: '4' }, 2],
    ["sd-scripts' keys", { ss_network_alpha: '1.0', ss_network_dim: '4' }, 1 / 4],
    ["SimpleTuner's LyCORIS", { lycoris_config: '{"linear_dim": 4, "linear_alpha": 3}' }, 3 / 4],
    ['rsLoRA', { lora_alpha: '2', r: '4', use_rslora: 'True' }, 1],
    ['a pattern of the module', { lora_alpha: '4', r: '4', alpha_pattern: '{"to_q": 1}' }, 1 / 4],
    ["diffusers' metadata", peft({ 'unet.lora_alpha': 1, 'unet.r': 4 }), 1 / 4],
    ['the part before the whole', { lora_alpha: '4', 'unet.lora_alpha': '1' }, 1 / 4],
    ['no number', { ss_network_alpha: 'Dynamic', lora_alpha: '', alpha: 'None' }, 1],
  ])('%s', (_what, metadata, scale) => {
    expect(scaleIn(diffusers, metadata)).toBeCloseTo(scale, 12);
  });

  test('is followed where the tensors say nothing, and said so', () => {
    const { notes } = read(diffusers, { 'unet.lora_alpha': '1', 'unet.r': '4' });
    expect(notes).toEqual([
      expect.stringMatching(
        /^file: alpha 1 of rank 4 stands in the header \(unet.lora_alpha, unet.r\) alone and is followed; .* \(1 module, such as "unet\./,
      ),
    ]);
    expect(read(diffusers, peft({ 'unet.lora_alpha': 1, 'unet.r': 4 })).notes).toEqual([]);
  });

  test("is an alpha for kohya's names, which need one", () => {
    expect(scaleIn(kohya(), { ss_network_alpha: '1', ss_network_dim: '4' })).toBe(1 / 4);
    expect(() => read(kohya())).toThrow('which says how strong it is');
  });

  test("of sd-scripts' convolutions stands among the network's arguments", () => {
    const tensors = new Map([
      [`${convolution}.lora_A.weight`, filled([4, 320, 3, 3])],
      [`${convolution}.lora_B.weight`, filled([320, 4, 1, 1])],
    ]);
    const stated = { ss_network_alpha: '4', ss_network_dim: '4' };
    expect(scaleIn(tensors, stated)).toBe(1);
    const args = JSON.stringify({ conv_dim: '4', conv_alpha: '2' });
    expect(scaleIn(tensors, { ...stated, ss_network_args: args })).toBe(1 / 2);
  });
});

describe('where two places disagree', () => {
  const config = { peft_type: 'LORA', lora_alpha: 8, r: 4 };

  test.each<[string, ReadonlyMap<string, Tensor>, Metadata, unknown, number, readonly string[]]>([
    [
      'the tensors come first',
      kohya(2),
      { ss_network_alpha: '1', ss_network_dim: '4' },
      undefined,
      1 / 2,
      ['alpha is 2 in its tensors and 1 in the header (ss_network_alpha, ss_network_dim)', '0.5'],
    ],
    [
      'the tensors come before adapter_config.json',
      kohya(2),
      {},
      config,
      1 / 2,
      ['2 in its tensors and 8 in adapter_config.json', 'multiply the strength by 4'],
    ],
    [
      "adapter_config.json comes before diffusers' metadata",
      diffusers,
      peft({ 'unet.lora_alpha': 1, 'unet.r': 4 }),
      config,
      2,
      ['8 in adapter_config.json and 1 in the header (lora_adapter_metadata)'],
    ],
    [
      "diffusers' metadata come before flat keys",
      diffusers,
      { ...peft({ 'unet.lora_alpha': 1, 'unet.r': 4 }), lora_alpha: '2' },
      undefined,
      1 / 4,
      ['1 in the header (lora_adapter_metadata) and 2 in the header (lora_alpha)'],
    ],
    [
      'the rank is that of the tensors',
      diffusers,
      {},
      { ...config, r: 8 },
      2,
      ['the rank is 8 in adapter_config.json and 4 in the tensors'],
    ],
  ])('%s', (_what, tensors, metadata, json, scale, words) => {
    expect(scaleIn(tensors, metadata, { config: json })).toBeCloseTo(scale, 12);
    const { notes } = read(tensors, metadata, { config: json });
    expect(notes).toHaveLength(1);
    for (const word of words) expect(notes[0]).toContain(word);
  });

  test('nothing is said of alphas that differ by the rounding of half precision', () => {
    const metadata = { ss_network_alpha: '1.3', ss_network_dim: '4' };
    expect(read(kohya(1.296875), metadata).notes).toEqual([]);
    expect(read(kohya(1.25), metadata).notes).toHaveLength(1);
  });
});

describe('an inverted adapter, whose alpha is below 0', () => {
  test('of LoRA takes away what it would add', () => {
    const { placed, tensors } = read(kohya(-4));
    expect(placed[0]?.adapter.options).toMatchObject({ rank: 4, alpha: 4 });
    expect(new Set(tensors.get(`${dotted}.B`)?.data)).toEqual(new Set([-1]));
  });

  test('of LoHa and LoKr too, in one factor', () => {
    const loha = new Map([
      ...['hada_w1_a', 'hada_w2_a'].map((role) => [`${flat}.${role}`, filled([320, 2])] as const),
      ...['hada_w1_b', 'hada_w2_b'].map((role) => [`${flat}.${role}`, filled([2, 320])] as const),
      [`${flat}.alpha`, filled([], -2)],
    ]);
    const negative = (tensors: ReadonlyMap<string, Tensor<'f32'>>) =>
      [...tensors.values()].filter(({ data }) => data.every((value) => value < 0));
    expect(negative(read(loha).tensors)).toHaveLength(1);
    const lokr = new Map([
      [`${flat}.lokr_w1`, filled([4, 4])],
      [`${flat}.lokr_w2_a`, filled([80, 2])],
      [`${flat}.lokr_w2_b`, filled([2, 80])],
      [`${flat}.alpha`, filled([], -2)],
    ]);
    const read2 = read(lokr);
    expect(read2.placed[0]?.adapter).toMatchObject({ method: 'lokr', options: { alpha: 2 } });
    expect(negative(read2.tensors)).toHaveLength(1);
  });

  test.each([
    ['alpha of two numbers', `${flat}.alpha`, [2], 'alpha has the shape [2]; expected one number'],
    ['alpha of none', `${flat}.alpha`, [0], '.alpha": its shape [0] has no numbers'],
    ['a rank of 0', `${flat}.lora_down.weight`, [0, 320], 'its shape [0, 320] has no numbers'],
  ] as const)('%s is refused by its name', (_what, name, shape, problem) => {
    const tensors = new Map([...kohya(4), [name, filled(shape)]]);
    expect(() => read(tensors)).toThrow(problem);
  });

  test.each([0, Number.POSITIVE_INFINITY])('an alpha of %d is refused', (alpha) => {
    expect(() => read(kohya(alpha))).toThrow(KronaError);
  });
});

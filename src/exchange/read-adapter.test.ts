import { describe, expect, test } from 'vitest';
import { failure, read, sd15, tensorsOf } from '../../test/foreign-files.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';
import { readForeignAdapter } from './index.ts';

const block = 'down_blocks_0_attentions_0_transformer_blocks_0';
const query = `lora_unet_${block}_attn1_to_q`;
const sgmQuery = 'lora_unet_input_blocks_1_1_transformer_blocks_0_attn1_to_q';
const dotted = 'down_blocks.0.attentions.0.transformer_blocks.0';

/** A kohya LoRA of one module. */
function lora(module: string, [rank, out, inner]: readonly [number, number, number]) {
  return {
    [`${module}.lora_down.weight`]: [rank, inner],
    [`${module}.lora_up.weight`]: [out, rank],
    [`${module}.alpha`]: [],
  };
}

describe('a file of another tool', () => {
  test('gives sites of equal method and options as one, in the order of the base', () => {
    const second = query.replace('to_q', 'to_k');
    const other = query.replace('attn1_to_q', 'ff_net_2');
    const { placed, format, notes } = read({
      ...lora(other, [8, 320, 1280]),
      ...lora(second, [4, 320, 320]),
      ...lora(query, [4, 320, 320]),
    });
    expect(format).toBe('kohya');
    expect(notes).toEqual([]);
    expect(
      placed.map(({ adapter, sites }) => [adapter.method, adapter.options.rank, sites.length]),
    ).toEqual([
      ['lora', 4, 2],
      ['lora', 8, 1],
    ]);
    expect(placed[0]?.sites.map(({ name }) => name)).toEqual([
      `unet.${dotted}.attn1.to_q`,
      `unet.${dotted}.attn1.to_k`,
    ]);
  });

  test('is told apart from the published KronA by its shapes alone', () => {
    const name = `unet.${dotted}.attn1.processor.to_q_lora`;
    const [kronecker] = read({
      [`${name}.down.weight`]: [8, 64],
      [`${name}.up.weight`]: [5, 40],
    }).placed;
    expect(kronecker?.adapter.options).toMatchObject({ a1: 64, a2: 8, layout: 'reference' });
    const [plain] = read({
      [`${name}.down.weight`]: [4, 320],
      [`${name}.up.weight`]: [320, 4],
    }).placed;
    expect(plain?.adapter).toMatchObject({ method: 'lora', options: { rank: 4, alpha: 4 } });
  });

  test('may hold half precision, which is widened exactly', () => {
    const half = {
      dtype: 'f16',
      shape: [4, 320],
      data: new Uint16Array(1280).fill(0x3555),
    } as const;
    const tensors = new Map<string, Tensor>([
      [`unet.${dotted}.attn1.to_q.lora_A.weight`, half],
      [`unet.${dotted}.attn1.to_q.lora_B.weight`, float32([320, 4])],
    ]);
    const { tensors: widened } = readForeignAdapter(tensors, {}, { sites: sd15, where: 'file' });
    // 1/3 in binary16 is 1365/4096.
    expect(widened.get(`unet.${dotted}.attn1.to_q.A`)?.data[0]).toBe(1365 / 4096);
  });

  test("may be LyCORIS' OFT, whose blocks count less their transposes, within a norm", () => {
    const blocks = float32([160, 2, 2]);
    blocks.data.forEach((_, i) => {
      blocks.data[i] = [0, 0.5, 0.25, 0][i % 4] ?? 0;
    });
    const rotationsWithin = (alpha: number) => {
      const stored = new Map([
        [`${query}.oft_blocks`, blocks],
        [`${query}.alpha`, float32([], [alpha])],
      ]);
      const { placed, tensors } = readForeignAdapter(stored, {}, { sites: sd15, where: 'file' });
      expect(placed[0]?.adapter.options).toMatchObject({ side: 'output', blockSize: 2 });
      return tensors.get(`unet.${dotted}.attn1.to_q.rotation`)?.data ?? [];
    };
    expect(new Set(rotationsWithin(0))).toEqual(new Set([0.25]));
    // ‖Q‖ = √(2 · 160 · 0.25²) = √20, held within 320 · √20 / 640.
    const [half = 0] = rotationsWithin(Math.sqrt(20) / 640);
    expect(half).toBeCloseTo(0.125, 6);
  });

  test('may have a rank that its matrix cannot have, which is its product', () => {
    const { placed, tensors } = read({
      'lora_unet_conv_out.lora_down.weight': [8, 320, 3, 3],
      'lora_unet_conv_out.lora_up.weight': [4, 8, 1, 1],
      'lora_unet_conv_out.alpha': [],
    });
    expect(placed[0]?.adapter.method).toBe('dreambooth');
    const delta = tensors.get('unet.conv_out.delta');
    expect(delta?.shape).toEqual([4, 2880]);
    // Eight products of ones, times 1/8.
    expect(new Set(delta?.data)).toEqual(new Set([1]));
  });

  test.each([
    ['one tensor named by its word', { '<cat>': [2, 768] }, '<cat>', 2],
    ['an embedding of A1111', { emb_params: [3, 768] }, 'file', 3],
    ['a single row', { cat: [768] }, 'cat', 1],
    ['a word that every object has', { constructor: [2, 768] }, 'constructor', 2],
  ] as const)('%s is a new word', (_what, shapes, token, vectors) => {
    const { placed, format } = read(shapes, { token: 'file' });
    expect(format).toBe('embedding');
    expect(placed[0]?.adapter.newTokens).toEqual([{ token, vectors }]);
  });
});

describe('what is wrong with a file is said, and what to do', () => {
  test('an adapter of another base, told by the size of its text states', () => {
    const names = `${dotted}.attn2.to_k`;
    const { code, message } = failure({
      [`unet.${names}.lora_A.weight`]: [4, 2048],
      [`unet.${names}.lora_B.weight`]: [640, 4],
    });
    expect(code).toBe('ADAPTER_BASE');
    expect(message).toContain('made for Stable Diffusion XL');
    expect(message).toContain('size 768 (Stable Diffusion 1.x)');
  });

  test('a published KronA of another base, told by the size of its product', () => {
    const name = `unet.${dotted}.attn2.processor.to_k_lora`;
    const { message } = failure({
      [`${name}.down.weight`]: [8, 64],
      [`${name}.up.weight`]: [10, 256],
    });
    expect(message).toContain('made for Stable Diffusion XL: ');
    expect(message).toContain('text states of size 2048,');
  });

  test('an adapter of another base, told by its blocks', () => {
    const name = 'lora_unet_input_blocks_4_1_transformer_blocks_1_attn1_to_q';
    const { code, message } = failure(lora(name, [4, 640, 640]));
    expect(code).toBe('UNMATCHED_TENSORS');
    expect(message).toContain('look like those of Stable Diffusion XL');
  });

  test('an embedding of another base', () => {
    const { code, message } = failure({ '<cat>': [1, 1024] });
    expect(code).toBe('ADAPTER_BASE');
    expect(message).toContain('2.x 1024');
  });

  test('names that the base does not have, with the nearest right ones', () => {
    const shapes = { ...lora(query, [4, 320, 320]), ...lora(`${query}x`, [4, 320, 320]) };
    const { code, message } = failure(shapes);
    expect(code).toBe('UNMATCHED_TENSORS');
    expect(message).toContain('1 of 2 modules');
    expect(message).toContain(`the nearest of the base is "${query}"`);
    const { notes, placed } = read(shapes, { tolerate: ['unmatched'] });
    expect(placed[0]?.sites).toHaveLength(1);
    expect(notes[0]).toContain('were left out');
  });

  test('numbers that are none', () => {
    const tensors = tensorsOf(lora(query, [4, 320, 320]));
    const up = tensors.get(`${query}.lora_up.weight`);
    if (up?.dtype === 'f32') up.data[7] = Number.NaN;
    expect(() => readForeignAdapter(tensors, {}, { sites: sd15, where: 'file' })).toThrow(
      expect.objectContaining({
        code: 'ADAPTER_NOT_FINITE',
        message: expect.stringContaining(`file: "${query}.lora_up.weight" holds NaN at element 7`),
      }),
    );
  });

  test('a missing alpha', () => {
    const { [`${query}.alpha`]: _, ...shapes } = lora(query, [4, 320, 320]);
    const { code, message } = failure(shapes);
    expect(code).toBe('ALPHA_MISSING');
    expect(message).toContain(`"${query}.alpha"`);
    expect(read(shapes, { tolerate: ['missing-alpha'] }).placed[0]?.adapter.options).toMatchObject({
      rank: 4,
      alpha: 4,
    });
  });

  test('blocks named in two ways', () => {
    const shapes = {
      ...lora(query.replace('to_q', 'to_k'), [4, 320, 320]),
      ...lora(sgmQuery, [4, 320, 320]),
    };
    expect(failure(shapes).code).toBe('MIXED_NAMES');
    expect(read(shapes, { tolerate: ['mixed-names'] }).placed[0]?.sites).toHaveLength(2);
  });

  test('one module under two names', () => {
    const shapes = { ...lora(query, [4, 320, 320]), ...lora(sgmQuery, [4, 320, 320]) };
    expect(failure(shapes, { tolerate: ['mixed-names'] }).code).toBe('DUPLICATE_MODULE');
  });

  test('a LoRA given as KronA', () => {
    const { code, message } = failure(lora(query, [4, 320, 320]), { expected: 'krona' });
    expect(code).toBe('METHOD_UNEXPECTED');
    expect(message).toContain('expected an adapter of the method krona, found lora');
  });

  test.each([
    ['half a module', { [`${query}.lora_up.weight`]: [320, 4] }, 'MODULE_INCOMPLETE'],
    ['other sizes', lora(query, [4, 640, 640]), 'ADAPTER_SHAPE'],
    [
      'ranks that differ',
      { ...lora(query, [4, 320, 320]), [`${query}.lora_up.weight`]: [320, 3] },
      'ADAPTER_SHAPE',
    ],
    ['rotations of several factors', { [`${query}.oft_blocks`]: [2, 5, 64, 64] }, 'ADAPTER_SHAPE'],
    [
      'two changes of one weight',
      { ...lora(query, [4, 320, 320]), [`${query}.diff`]: [320, 320] },
      'METHOD_TWICE',
    ],
    ['a matrix for a norm', lora('lora_unet_conv_norm_out', [4, 320, 1]), 'MODULE_UNKNOWN'],
    [
      'a whole model',
      { 'model.diffusion_model.input_blocks.0.0.weight': [1, 1, 1] },
      'NOT_AN_ADAPTER',
    ],
  ] as const)('%s', (_what, shapes, code) => {
    expect(failure(shapes).code).toBe(code);
  });

  test("a file of PEFT's without its configuration", () => {
    const name = `base_model.model.${dotted}.attn1.to_q`;
    const shapes = { [`${name}.lora_A.weight`]: [4, 320], [`${name}.lora_B.weight`]: [320, 4] };
    expect(failure(shapes).code).toBe('PEFT_CONFIG_MISSING');
    const { placed } = read(shapes, { tolerate: ['missing-alpha'] });
    expect(placed[0]?.adapter.options).toMatchObject({ rank: 4, alpha: 4 });
  });

  test("a configuration of PEFT's that is none", () => {
    const shapes = { [`base_model.model.${dotted}.attn1.to_q.lora_A.weight`]: [4, 320] };
    const { code, message } = failure(shapes, { config: { peft_type: 'VERA' } });
    expect(code).toBe('PEFT_CONFIG');
    expect(message).toContain('LORA, LOKR, LOHA, OFT, IA3, BOFT');
  });
});

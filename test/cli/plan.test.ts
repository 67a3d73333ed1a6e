import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import { openFamilyConfig } from '../../src/models/families.ts';
import { unetSites } from '../../src/models/unet/sites.ts';
import { chooseSites } from '../../src/nn/index.ts';
import type { FactorGrid } from '../../src/plan/factor-grid.ts';
import type { PlannedMemory } from '../../src/plan/planned-memory.ts';
import type { PlannedOperations } from '../../src/plan/planned-operations.ts';
import type { BudgetEntry } from '../../src/plan/size-budget.ts';
import { fixturePath } from '../fixtures.ts';
import { krona } from './terminal.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-plan-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function planJson<T>(...argv: readonly string[]): Promise<T> {
  const { code, out, err } = await krona(['plan', ...argv, '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as T;
}

interface Plan {
  readonly sites: number;
  readonly sitesLeftOut: number;
  readonly parameters: number;
  readonly parametersOfBase: number;
  readonly fileBytes: { readonly f32: number; readonly f16: number };
  readonly projections: readonly { readonly sites: number; readonly parameters: number }[];
  readonly blocks: readonly { readonly sites: number; readonly parameters: number }[];
  readonly memory?: PlannedMemory;
  readonly operations?: PlannedOperations;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("the paper's Table 2", () => {
  test('is equalled in 49 of 56 entries, and the others are explained', async () => {
    const { code, out } = await krona(['plan', '--base', 'sdxl', '--grid']);
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "Trainable parameters by the size a1 x a2 of A, on 560 sites of Stable Diffusion XL 1.0 (targets attention)

      a1 \\ a2            2             4             8           16           32           64         128
            1  477,594,720*  238,799,040*  119,402,880*  59,708,160*  29,867,520*  14,960,640*  7,534,080*
            2  238,799,040   119,402,880    59,708,160   29,867,520   14,960,640    7,534,080   3,874,560
            4  119,402,880    59,708,160    29,867,520   14,960,640    7,534,080    3,874,560   2,152,320
            8   59,708,160    29,867,520    14,960,640    7,534,080    3,874,560    2,152,320   1,506,240
           16   29,867,520    14,960,640     7,534,080    3,874,560    2,152,320    1,506,240   1,613,280
           32   14,960,640     7,534,080     3,874,560    2,152,320    1,506,240    1,613,280   2,526,960
           64    7,534,080     3,874,560     2,152,320    1,506,240    1,613,280    2,526,960   4,704,120
          128    3,874,560     2,152,320     1,506,240    1,613,280    2,526,960    4,704,120   9,233,340

      49 of the 56 entries of the paper's Table 2 agree with the sum of a1·a2 + d·h/(a1·a2) over all d x h matrices.
      * The 7 entries with a1 = 1 are printed as a quarter of these, for example 119,399,520 for (1, 2):
        they count a second factor of d/4 x h/a2, as with a1 = 4, where the product needs one of d x h/a2.
      "
    `);
  });

  test('counts for a1 = 1 a second factor a quarter as large, and agrees elsewhere', async () => {
    const grid = await planJson<FactorGrid>('--base', 'sdxl', '--grid');
    const { unet } = await openFamilyConfig('sdxl');
    const sites = chooseSites(unetSites(unet), ['attention']);
    const printed = JSON.parse(readFileSync(fixturePath('paper/table2.json'), 'utf8')) as {
      readonly rows: readonly Readonly<Record<'a1' | 'a2' | 'parameters', number>>[];
    };
    expect(grid.agreeing).toBe(49);
    expect(grid.entries.length).toBe(printed.rows.length);
    for (const row of printed.rows) {
      const entry = grid.entries.find(({ a1, a2 }) => a1 === row.a1 && a2 === row.a2);
      expect(entry?.paper).toBe(row.parameters);
      const share = row.a1 === 1 ? 4 : 1;
      const product = row.a1 * row.a2;
      const counted = sum(sites.map((site) => product + (site.out * site.in) / (share * product)));
      expect(counted).toBe(row.parameters);
      if (row.a1 > 1) expect(entry?.parameters).toBe(row.parameters);
    }
  });

  test('is not compared with where the sites are others', async () => {
    const { out } = await krona(['plan', '--base', 'sd15', '--grid']);
    expect(out).not.toContain('paper');
    // 128 does not divide 320, the smallest input size of SD 1.5.
    expect(out).toMatch(/ -\n/);
  });

  test('needs a method with a1 and a2', async () => {
    const { code, err } = await krona(['plan', '--adapter', 'lora', '--grid']);
    expect(code).toBe(2);
    expect(err).toContain('[GRID_WITHOUT_FACTORS]');
  });
});

describe('a plan', () => {
  test('takes what the base model recommends', async () => {
    const { code, out, err } = await krona(['plan', '--base', 'pocket']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatchInlineSnapshot(`
      "krona (a1 8, a2 16, layout kron, initialA normal, initialB zero, scale 1, dropout 0) on the bundled pocket model, targets attention

      projection      matrix     sites  each  parameters
      attn1.to_k      64 x 64        3   160         480
      attn1.to_k      96 x 96        3   200         600
      attn1.to_k      160 x 160      1   328         328
      attn1.to_out.0  64 x 64        3   160         480
      attn1.to_out.0  96 x 96        3   200         600
      attn1.to_out.0  160 x 160      1   328         328
      attn1.to_q      64 x 64        3   160         480
      attn1.to_q      96 x 96        3   200         600
      attn1.to_q      160 x 160      1   328         328
      attn1.to_v      64 x 64        3   160         480
      attn1.to_v      96 x 96        3   200         600
      attn1.to_v      160 x 160      1   328         328
      attn2.to_k      64 x 128       3   192         576
      attn2.to_k      96 x 128       3   224         672
      attn2.to_k      160 x 128      1   288         288
      attn2.to_out.0  64 x 64        3   160         480
      attn2.to_out.0  96 x 96        3   200         600
      attn2.to_out.0  160 x 160      1   328         328
      attn2.to_q      64 x 64        3   160         480
      attn2.to_q      96 x 96        3   200         600
      attn2.to_q      160 x 160      1   328         328
      attn2.to_v      64 x 128       3   192         576
      attn2.to_v      96 x 128       3   224         672
      attn2.to_v      160 x 128      1   288         288

      block               sites  parameters
      unet.down_blocks.0      8       1,344
      unet.down_blocks.1      8       1,648
      unet.mid_block          8       2,544
      unet.up_blocks.1       16       3,296
      unet.up_blocks.2       16       2,688

      total   11,520 parameters in 56 sites
      share   0.189 % of the UNet's 6,081,448
      file    67.3 kB in fp32, 44.2 kB in fp16
      memory  --memory says what a training step takes
      time    --operations counts those of a step and of a picture
      "
    `);
  });

  test.each([
    ['sd15', ['--a1', '4', '--a2', '64'], ['unet_attention', 'krona', '4,64']],
    ['sd21', ['--a1', '8', '--a2', '16'], ['unet_attention', 'krona', '8,16']],
    ['sdxl', ['--adapter', 'lora', '--rank', '4'], ['unet_attention', 'lora', '4']],
    ['sd15', ['--targets', 'attn2.*'], ['unet_attn2_only', 'krona', '4,64']],
  ] as const)('of %s %s equals the reference count', async (base, flags, [part, method, key]) => {
    const made = await planJson<Plan>('--base', base, ...flags);
    const file = fixturePath('param-counts/param-counts.json');
    const { models } = JSON.parse(readFileSync(file, 'utf8'));
    expect(made.parameters).toBe(models[base][part][method][key]);
    expect(made.sites).toBe(models[base][part].matrices);
    expect(made.parametersOfBase).toBe(models[base].unet_parameters);
    for (const groups of [made.projections, made.blocks]) {
      expect(sum(groups.map((group) => group.parameters))).toBe(made.parameters);
      expect(sum(groups.map((group) => group.sites))).toBe(made.sites);
    }
    expect(made.fileBytes.f32 - made.fileBytes.f16).toBe(2 * made.parameters);
  });

  test('reads a folder, with or without its other parts', async () => {
    const whole = join(folder, 'model');
    mkdirSync(whole);
    cpSync(join(pocketFolder(), 'unet', 'config.json'), join(whole, 'unet', 'config.json'));
    const { parameters } = await planJson<Plan>('--base', whole, '--a1', '8', '--a2', '16');
    const ofPart = await planJson<Plan>('--base', join(whole, 'unet'), '--a1', '8', '--a2', '16');
    expect([parameters, ofPart.parameters]).toEqual([11_520, 11_520]);
  });

  test('leaves out sites that the UNet takes the states before, and says so', async () => {
    const given = ['--base', 'sdxl', '--adapter', 'lora', '--targets', 'text-encoder'];
    const { sites, sitesLeftOut } = await planJson<Plan>(...given);
    // 12 and 32 layers of 4 projections; of the first encoder the last layer reaches nothing.
    expect({ sites, sitesLeftOut }).toEqual({ sites: 172, sitesLeftOut: 4 });
    const { out } = await krona(['plan', ...given]);
    expect(out).toContain('4 sites that the UNet takes the states before');
  });

  test('counts operations with the adapter and without', async () => {
    const of = async (...given: readonly string[]) => {
      const made = await planJson<Plan>('--base', 'pocket', '--operations', ...given);
      if (made.operations === undefined) throw new Error('no operations');
      return made.operations;
    };
    const { prediction, samplingStep, picture, trainingStep } = await of();
    // Guidance asks about two pictures; the product of the factors is formed once.
    expect(samplingStep.base / prediction.base).toBeCloseTo(2, 2);
    expect(prediction.adapted).toBeGreaterThan(prediction.base);
    expect(picture.adapted - picture.base).toBe(
      picture.steps * (samplingStep.adapted - samplingStep.base),
    );
    // Gradients of activations take as much again, those of a few weights little more.
    expect(trainingStep / prediction.adapted).toBeGreaterThan(1.5);
    expect(trainingStep / prediction.adapted).toBeLessThan(3);
    const two = await of('--batch-size', '2', '--adapter', 'dreambooth');
    expect(two).toMatchObject({ batchSize: 2, prediction: { base: prediction.base } });
    // Of every weight.
    expect(two.trainingStep).toBeGreaterThan(2 * trainingStep);
    const { out } = await krona(['plan', '--base', 'pocket', '--operations']);
    expect(out).toMatch(/\noperations +base +with adapter +more\nUNet, once +\d+ MFLOP +\d+ MFLOP/);
  });

  test('gives factors per projection', async () => {
    const all = await planJson<Plan>('--base', 'sdxl', '--a1', '4', '--a2', '64');
    const some = await planJson<Plan>('--base', 'sdxl', '--factors', 'to_q=8,64', 'to_k=8,64');
    expect(some.parameters).toBeLessThan(all.parameters);
  });
});

describe('counts that the paper prints', () => {
  // Tables 3 and 4 of the supplement, on SDXL.
  test.each([
    [['--a1', '4', '--a2', '64'], 3_874_560],
    [['--a1', '2', '--a2', '64'], 7_534_080],
    [['--a1', '8', '--a2', '64'], 2_152_320],
    [['--a1', '16', '--a2', '64'], 1_506_240],
    [['--adapter', 'lora', '--rank', '4'], 5_806_080],
    [['--adapter', 'lokr', '--factor', '2', '--full'], 238_799_040],
    [['--adapter', 'lokr', '--factor', '4', '--full'], 59_708_160],
    [['--adapter', 'lokr', '--factor', '8', '--full'], 14_960_640],
    [['--adapter', 'lokr', '--factor', '16', '--full'], 3_874_560],
    [['--adapter', 'lokr', '--rank', '8', '--targets', 'attention+feed-forward'], 1_356_800],
    [['--adapter', 'loha', '--rank', '4', '--targets', 'attention+feed-forward'], 20_930_560],
  ] as const)('of %s', async (flags, expected) => {
    const { parameters } = await planJson<Plan>('--base', 'sdxl', ...flags);
    expect(parameters).toBe(expected);
  });
});

describe('a budget', () => {
  test('of 2 MB is met by these sizes, and few of them load where one number decides', async () => {
    const { entries } = await planJson<{ readonly entries: readonly BudgetEntry[] }>(
      ...['--base', 'sd15', '--budget', '2MB'],
    );
    const at = (a1: number, a2: number) =>
      entries.find((entry) => entry.a1 === a1 && entry.a2 === a2);
    expect(at(8, 8)).toBeUndefined();
    expect(at(8, 16)?.parameters).toBe(746_944);
    expect(at(4, 64)?.loaders).toEqual(['ComfyUI', 'A1111', 'stable-diffusion.cpp']);
    expect(at(16, 16)?.loaders.slice(3)).toEqual(['PEFT', 'LyCORIS']);
    // LyCORIS puts the smaller factor first: of 320 by 32 that is 10.
    expect(at(32, 32)?.loaders.slice(3)).toEqual(['PEFT']);
    for (const { fileBytes } of entries) expect(fileBytes.f16).toBeLessThanOrEqual(2e6);
  });

  test('is a size, of a method with a1 and a2, that something fits', async () => {
    const codeOf = async (...flags: readonly string[]) =>
      /\[(\w+)\]\n$/.exec((await krona(['plan', '--base', 'pocket', ...flags])).err)?.[1];
    expect(await codeOf('--budget', 'small')).toBe('FLAG_VALUE');
    expect(await codeOf('--budget', '1kB')).toBe('BUDGET_TOO_SMALL');
    expect(await codeOf('--budget', '2MB', '--adapter', 'lora')).toBe('BUDGET_WITHOUT_FACTORS');
  });
});

describe('the memory of a training step', () => {
  // Peaks of resident memory in GB by segments, KronA (4, 64) on all attention, half precision files.
  test.each([
    ['sd15', ['--memory'], { 1: 5.35, 2: 5.3, 4: 4.92, 8: 4.63, 12: 4.57 }],
    ['sd15', ['--memory', '--resolution', '256'], { 1: 3.25, 4: 4.27 }],
    ['sd15', ['--memory', '--batch-size', '2'], { 1: 7.57 }],
    ['sdxl', ['--memory', '16GB'], { 3: 14.4 }],
  ] as const)('of %s %s is never below what was measured', async (base, flags, measured) => {
    const { memory } = await planJson<Plan>('--base', base, ...flags);
    for (const [count, peak] of Object.entries(measured)) {
      const found = memory?.plans.find((plan) => plan.count === Number(count))?.bytes ?? 0;
      expect(found / 1e9).toBeGreaterThanOrEqual(peak);
      // One line through all of them; nearer would need a model of the heap.
      expect(found / 1e9).toBeLessThan(1.1 * peak);
    }
  });

  test('of pictures so large that tracing would take hours is not worked out', async () => {
    const { err } = await krona(['plan', '--base', 'pocket', '--memory', '--resolution', '100000']);
    expect(err).toMatch(/give at most 1024 \[RESOLUTION_TOO_LARGE\]\n$/);
  });

  test('is worked out up to the segments that stay within what there is', async () => {
    const of = ['plan', '--base', 'pocket', '--batch-size', '2', '--memory'];
    const { out } = await krona([...of, '8GB']);
    expect(out).toMatch(
      /\nA training step on the CPU, 64 x 64 pixels, 2 pictures at once:\nsegments +memory\n +1 +\d+ MB\nWithin 8GB it runs in one piece: krona train --memory 8GB\n$/,
    );
    // What is computed from the weights counts without them.
    const shapes = ['plan', '--base', 'sd15', '--adapter', 'svdiff', '--targets', 'attn2.to_q'];
    const svdiff = await krona([...shapes, '--resolution', '64', '--memory', '900GB']);
    expect(svdiff.out).toMatch(/\nWithin 900GB it runs in one piece/);
    const rounded = await krona([...of, 'auto', '--base-precision', 'int8-weights']);
    expect(rounded.out).toMatch(
      /\nWithin nine tenths of this machine's memory .*: krona train --memory auto --base-precision int8-weights\n$/,
    );
    const enough = await krona([...of, '500MB']);
    expect(enough.out).toMatch(/\nWithin 500MB it runs in one piece/);
    const less = await krona([...of, '100 MB']);
    expect(less.out).toMatch(/\n100 MB is too little: the least is \d+ MB; .*\n$/);
    const wrong = await krona([...of, '8 pounds']);
    expect(wrong.err).toContain('expected a size such as 8GB, 500MB or 2GiB, got "8 pounds"');
    const { memory } = await planJson<Plan>(...of.slice(1), '100MB');
    expect(memory).toMatchObject({ resolution: 64, batchSize: 2, fits: null });
  });

  test('is asked for in gigabytes, and of a whole model', async () => {
    const wrong = await krona(['plan', '--base', 'pocket', '--memory', 'much']);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('[FLAG_VALUE]') });
    const part = ['--base', join(pocketFolder(), 'unet'), '--a1', '8', '--a2', '16'];
    const { code, err } = await krona(['plan', ...part, '--memory']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('[MEMORY_OF_PART]') });
  });
});

describe('an impossible plan', () => {
  test('names the site, and what divides all chosen sites', async () => {
    const { code, out, err } = await krona(['plan', '--base', 'sd15', '--a1', '7']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatchInlineSnapshot(`
      "error: krona: a1 = 7 does not divide the output size 320 of unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q (320 x 320); near it 8, 5, 4 would, of all: 1, 2, 4, 5, 8, 10, 16, 20, 32, 40, 64, 80, 160, 320. What divides at all 128 chosen sites: outputs by 1, 2, 4, 5, 8, 10, 16, 20, 32, 40, 64, 80, 160, 320; inputs by 1, 2, 4, 8, 16, 32, 64 [FACTOR_DOES_NOT_DIVIDE]
      "
    `);
  });

  test('of a base that is none says what there is', async () => {
    const { code, err } = await krona(['plan', '--base', join(folder, 'nothing')]);
    expect(code).toBe(1);
    expect(err).toMatch(
      /expected one of pocket, sd15, sd21, sdxl, sdxl-refiner, bk-sdm-base, .*, a \.safetensors .*\[NOT_A_MODEL\]\n$/,
    );
  });

  test('of a damaged configuration names the key', async () => {
    const path = join(folder, 'config.json');
    writeFileSync(path, '{ "block_out_channels": [] }');
    const { code, err } = await krona(['plan', '--base', folder]);
    expect(code).toBe(1);
    expect(err).toContain('block_out_channels');
  });

  test('of targets that name nothing says what a site is', async () => {
    const { code, err } = await krona(['plan', '--targets', 'attn3.*']);
    expect(code).toBe(2);
    expect(err).toContain('[NO_SITES]');
  });
});

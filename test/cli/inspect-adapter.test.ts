import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AdapterFile,
  type AdapterTraining,
  configureAdapter,
  encodeAdapterFile,
  parameterName,
  placeAdapter,
} from '../../src/adapters/index.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { writeForeignAdapter } from '../../src/exchange/index.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { chooseSites, type Site } from '../../src/nn/index.ts';
import { baseSites } from '../../src/pipeline/adapters/site-weights.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { elementCount, float32, type Tensor } from '../../src/tensor/tensor.ts';
import { familySites } from '../family-sites.ts';
import { krona } from './terminal.ts';

let folder = '';
let pocket: readonly Site[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-inspect-adapter-'));
  pocket = baseSites(await openBaseModel('pocket'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Part {
  readonly method: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly targets: readonly string[];
}

function adapterOf(
  sites: readonly Site[],
  parts: readonly Part[],
  training?: AdapterTraining,
): AdapterFile {
  const random = new TorchGenerator(1);
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
  const base = { name: 'pocket', sites: sites.length };
  return { placed, tensors: new Map(tensors), base, ...(training ? { training } : {}) };
}

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** The adapter in the format of another tool; its file, or the folder of them. */
function writeAs(format: string, name: string, file: AdapterFile, sites = pocket): string {
  const files = writeForeignAdapter(file, format, { sites });
  const paths = [...files].map(([path, bytes]) => write(join(name, path), bytes));
  return files.size === 1 ? (paths[0] ?? '') : join(folder, name);
}

/** A file with some of its tensors changed. */
function changed(
  path: string,
  name: string,
  change: (tensors: Map<string, Tensor>, first: string) => void,
): string {
  const { tensors, metadata } = decodeSafetensors(readFileSync(path), path);
  const copy = new Map(tensors);
  change(copy, [...copy.keys()].find((key) => key.endsWith('lora_up.weight')) ?? '');
  return write(name, encodeSafetensors([...copy], metadata));
}

async function inspect(path: string, ...flags: readonly string[]): Promise<string> {
  const { code, out, err } = await krona(['inspect', path, ...flags]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.replaceAll(folder, 'FOLDER');
}

const inspectJson = async (path: string) => JSON.parse(await inspect(path, '--json'));

const lora: Part = { method: 'lora', options: { rank: 2, alpha: 1 }, targets: ['attn2.to_*'] };
const subject = { subject: 'sks dog', prompt: 'a sks dog', steps: 5 };

describe('an adapter', () => {
  test('is used as it is called, and with the words that it was trained on', async () => {
    const named = { subject: 'sks teapot', prompt: 'a sks teapot', steps: 5 };
    const path = writeAs('kohya', 'kohya-teapot', adapterOf(pocket, [lora], named));
    const odd = write('c,d=0.5.safetensors', readFileSync(path));
    const [, flags = ''] = /make pictures: krona generate (.*)/.exec(await inspect(odd)) ?? [];
    expect(flags).toContain('--adapter FOLDER/c,d=0.5.safetensors --base');
    expect(flags).toContain('--prompt "a sks teapot on the beach"');
  });

  test('of another tool says what it is, its words, its size by block, and what loads it', async () => {
    const path = writeAs('kohya', 'kohya', adapterOf(pocket, [lora], subject));
    expect(await inspect(path)).toMatchInlineSnapshot(`
      "FOLDER/kohya/adapter.safetensors: a lora adapter for the bundled pocket model

      format              kohya's: flattened names, blocks as diffusers calls them
      lora                rank 2, alpha 1, rankStabilized false, dora false
      sites               28 of the base's 393
      parameters          11,264
      words               a sks dog
      stated strength     alpha 1, rank 2 in the header (ss_network_alpha, ss_network_dim)
      ss_network_module   networks.lora
      ss_max_train_steps  5
      modelspec.title     sks dog
      tensors             84 tensors (84 f32)
      numbers             11,292, 45.2 kB
      health              no NaN, no infinity
      loads in            krona, ComfyUI, A1111, stable-diffusion.cpp, diffusers, LyCORIS
      not in              PEFT: it knows other names of modules

      block               sites  parameters  size (median)
      unet.down_blocks.0      4       1,280          2.185
      unet.down_blocks.1      4       1,664          2.039
      unet.mid_block          4       2,432          1.928
      unet.up_blocks.1        8       3,328          1.979
      unet.up_blocks.2        8       2,560          1.964

      make pictures: krona generate --adapter FOLDER/kohya/adapter.safetensors --base pocket --prompt "a sks dog on the beach" --out pictures
      "
    `);
  });

  test('of krona says what would load it once it is exported', async () => {
    const parts = [
      { method: 'krona', options: { a1: 8, a2: 8 }, targets: ['attention'] },
      { method: 'textual-inversion', options: { token: '<pot>' }, targets: ['token_embedding'] },
    ];
    const own = encodeAdapterFile(adapterOf(pocket, parts, subject));
    expect(await inspect(write('own.safetensors', own))).toMatchInlineSnapshot(`
      "FOLDER/own.safetensors: a krona + textual-inversion adapter for pocket

      format             of krona
      krona              56 sites: a1 8, a2 8, layout kron, initialA normal, initialB zero, scale 1, dropout 0
      textual-inversion  1 site: token <pot>, vectors 1
      sites              57 of the base's 393
      parameters         12,416
      words              <pot>, sks dog
      training           subject sks dog, prompt a sks dog, steps 5
      tensors            113 tensors (113 f32)
      numbers            12,416, 49.7 kB
      health             no NaN, no infinity
      loads in           krona
      after              convert --to kohya: ComfyUI, A1111, stable-diffusion.cpp, LyCORIS
                         convert --to peft: PEFT

      block               sites  parameters  size (median)
      unet.down_blocks.0      8       1,152          1.046
      unet.down_blocks.1      8       1,760          1.022
      unet.mid_block          8       3,552          0.988
      unet.up_blocks.1       16       3,520         0.9668
      unet.up_blocks.2       16       2,304           1.03
      text_encoder            1         128        0.03469

      make pictures: krona generate --adapter FOLDER/own.safetensors --prompt "a {subject} on the beach" --out pictures
      "
    `);
  });

  test.each([
    ['peft', [lora], ['PEFT']],
    ['diffusers', [lora], ['diffusers']],
    [
      'official',
      [{ method: 'krona', options: { a1: 4, a2: 8, layout: 'reference' }, targets: ['attention'] }],
      [],
    ],
    [
      'embedding',
      [{ method: 'textual-inversion', options: { token: '<pot>' }, targets: ['token_embedding'] }],
      ['ComfyUI', 'A1111', 'diffusers'],
    ],
  ] as const)('in the format %s is recognised', async (format, parts, loaders) => {
    const found = await inspectJson(writeAs(format, format, adapterOf(pocket, parts)));
    expect(found).toMatchObject({ kind: 'adapter', fits: 'pocket', warnings: [] });
    expect(found.adapters[0].method).toBe(parts[0].method);
    const loads = found.loads.filter(
      ({ obstacle }: { obstacle?: string }) => obstacle === undefined,
    );
    expect(loads.map(({ program }: { program: string }) => program)).toEqual(loaders);
    if (format === 'embedding') expect(found.words).toEqual(['<pot>']);
  });

  test.each(['sd15', 'sd21', 'sdxl'] as const)(
    'for %s is recognised by its sizes',
    async (family) => {
      const sites = await familySites(family);
      const part = { ...lora, targets: ['mid_block.*attn2.to_*'] };
      const path = writeAs('kohya', family, adapterOf(sites, [part]), sites);
      const found = await inspectJson(path);
      expect(found).toMatchObject({ fits: family, sites: family === 'sdxl' ? 40 : 4 });
      expect(found.bySite[0]).toMatchObject({ method: 'lora', out: 1280, parameters: 2 * 2560 });
    },
  );

  test('is read for a base that is given', async () => {
    const sites = await familySites('sd15');
    const path = writeAs('kohya', 'wrong', adapterOf(sites, [lora]), sites);
    expect(await inspect(path)).toContain('adapter for Stable Diffusion 1.5');
    const text = await inspect(path, '--base', 'sdxl');
    expect(text).toContain("a LoRA file in kohya's naming");
    expect(text).toContain(
      'warning: FOLDER/wrong/adapter.safetensors: made for Stable Diffusion 1.x',
    );
  });
});

describe('an adapter whose numbers are not sound warns', () => {
  const plain = () => writeAs('kohya', 'kohya', adapterOf(pocket, [lora]));

  test('of NaN', async () => {
    const path = changed(plain(), 'nan.safetensors', (tensors, first) => {
      (tensors.get(first)?.data as Float32Array | undefined)?.fill(Number.NaN);
    });
    expect(await inspect(path)).toMatch(/warning: NaN or infinity in lora_unet_\S+lora_up.weight:/);
  });

  test('of sites that change nothing', async () => {
    const path = changed(plain(), 'zero.safetensors', (tensors, first) => {
      (tensors.get(first)?.data as Float32Array | undefined)?.fill(0);
    });
    expect(await inspect(path)).toMatch(/warning: 1 site of \d+ change nothing: unet\.\S+to_\w+\n/);
    const untrained = changed(plain(), 'untrained.safetensors', (tensors) => {
      for (const [name, { data }] of tensors) {
        if (name.endsWith('lora_up.weight')) (data as Float32Array).fill(0);
      }
    });
    expect(await inspect(untrained)).toContain('warning: it changes nothing');
  });

  test('of sites that stand out', async () => {
    const path = changed(plain(), 'far.safetensors', (tensors, first) => {
      const data = tensors.get(first)?.data as Float32Array | undefined;
      data?.set(data.map((value) => value * 100));
    });
    expect(await inspect(path)).toMatch(
      /warning: 1 site far above the median in size: unet\.\S+ \(\d+ times\)/,
    );
    expect((await inspectJson(path)).outliers).toHaveLength(1);
  });
});

describe('an adapter that would be refused, or drawn otherwise elsewhere, warns with the reason', () => {
  test.each<[string, (tensors: Map<string, Tensor>, first: string) => void, string]>([
    [
      'modules that the base does not have',
      (tensors) => tensors.set('lora_unet_nowhere.lora_up.weight', float32([2, 2])),
      '1 of 29 modules belong to nothing of the base',
    ],
    [
      'an alpha that only the header states',
      (tensors, first) => tensors.delete(first.replace('lora_up.weight', 'alpha')),
      'in the header (ss_network_alpha, ss_network_dim) alone and is followed',
    ],
  ])('of %s', async (_, change, message) => {
    const path = changed(
      writeAs('kohya', 'kohya', adapterOf(pocket, [lora])),
      'refused.safetensors',
      change,
    );
    const text = await inspect(path);
    expect(text).toContain('a lora adapter for');
    expect(text).toContain(message);
  });

  test('of a part that is missing', async () => {
    const path = changed(
      writeAs('kohya', 'kohya', adapterOf(pocket, [lora])),
      'cut.safetensors',
      (tensors, first) => tensors.delete(first),
    );
    expect(await inspect(path)).toMatch(
      /warning: FOLDER\/cut\.safetensors: "\S+": there is no up beside/,
    );
  });
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdapterFile, decodeAdapterFile } from '../../src/adapters/index.ts';
import { decodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { relativeL2 } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { fixturePath, fixturesFolder } from '../fixtures.ts';
import { openBase, unetOutput } from '../parity/checks/adapters/adapter-files.ts';
import { readFixtureTensors } from '../parity/fixture.ts';
import { type Part, pocketAdapter } from './pocket-adapter.ts';
import { krona, type Outcome } from './terminal.ts';

const files = fixturePath('adapter-files');
const official = join(files, 'diffusekrona-official');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-convert-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const convert = (path: string, out: string, ...flags: readonly string[]): Promise<Outcome> =>
  krona(['convert', path, '--out', out, '--quiet', ...flags]);

async function converted(path: string, name: string, ...flags: readonly string[]) {
  const out = join(folder, name);
  rmSync(out, { recursive: true, force: true });
  const { code, err, out: text } = await convert(path, out, ...flags);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return { out, text };
}

function read(path: string): AdapterFile {
  return decodeAdapterFile(readFileSync(path), path);
}

function tensorsOf(path: string) {
  return decodeSafetensors(readFileSync(path), path).tensors;
}

async function place(name: string, parts: readonly Part[]): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, await pocketAdapter(parts));
  return path;
}

const lossless: readonly (readonly [file: string, formats: readonly string[], base?: string])[] = [
  ['kohya-lora.safetensors', ['kohya', 'diffusers', 'peft']],
  ['diffusers-lora', ['kohya', 'diffusers', 'peft']],
  ['diffusers-lora-old', ['kohya', 'diffusers', 'peft']],
  ['diffusers-lora-metadata', ['kohya', 'diffusers', 'peft']],
  ['kohya-lora-sdxl-sgm.safetensors', ['kohya', 'diffusers', 'peft'], 'unet-sdxl'],
  ['kohya-lokr-full.safetensors', ['kohya', 'peft']],
  ['kohya-lokr-lowrank.safetensors', ['kohya']],
  ['kohya-lokr-both.safetensors', ['kohya']],
  ['kohya-lokr-krona-factors.safetensors', ['kohya']],
  ['lycoris-mixed-conv.safetensors', ['kohya']],
  ['lycoris-full-diff.safetensors', ['kohya', 'diff']],
  ['peft-lokr-full', ['kohya', 'peft']],
  ['peft-lokr-pattern', ['kohya', 'peft']],
  ['diffusekrona-official', ['official']],
  ['diffusekrona-official-kv', ['official']],
];

describe('an adapter that a format holds', () => {
  const cases = lossless.flatMap(([file, formats, base = 'unet-sd15']) =>
    formats.map((format) => [file, format, base] as const),
  );
  test.each(cases)('comes back bit for bit: %s as %s of %s', async (file, format, unet) => {
    const flags = ['--base', fixturePath(unet)];
    const name = `${file}-${format}`;
    const { out: ours } = await converted(
      join(files, file),
      `${name}.ours.safetensors`,
      ...flags,
      '--to',
      'krona',
    );
    const { out: theirs, text } = await converted(ours, name, ...flags, '--to', format);
    expect(text).toMatch(/the same at all \d+ sites, bit for bit\n$/);
    const { out: again } = await converted(
      theirs,
      `${name}.again.safetensors`,
      ...flags,
      '--to',
      'krona',
    );
    expect(read(again).tensors).toEqual(read(ours).tensors);
  });

  test('is the same file again where it began in that format', async () => {
    const path = join(files, 'kohya-lora.safetensors');
    const flags = ['--base', fixturePath('unet-sd15')];
    const { out: ours } = await converted(path, 'a.safetensors', ...flags, '--to', 'krona');
    const { out: theirs } = await converted(ours, 'b.safetensors', ...flags, '--to', 'kohya');
    expect(tensorsOf(theirs)).toEqual(tensorsOf(path));
  });

  test('has the block names that were asked for', async () => {
    const path = join(files, 'kohya-lora.safetensors');
    const flags = ['--base', fixturePath('unet-sd15'), '--to', 'kohya', '--block-style', 'sgm'];
    const { out } = await converted(path, 'sgm.safetensors', ...flags);
    const names = [...tensorsOf(out).keys()];
    expect(names.some((name) => name.startsWith('lora_unet_input_blocks_1_1_'))).toBe(true);
    expect(names.some((name) => name.includes('down_blocks'))).toBe(false);
  });

  test('in half precision loses what rounding takes, and says so', async () => {
    const path = await place('half.safetensors', [
      { method: 'krona', options: { a1: 4, a2: 8 }, targets: ['attn2.to_q'] },
    ]);
    const { out, text } = await converted(
      path,
      'half-kohya.safetensors',
      '--to',
      'kohya',
      '--dtype',
      'f16',
    );
    expect([...tensorsOf(out).values()].every(({ dtype }) => dtype === 'f16')).toBe(true);
    expect(text).toMatch(/relative error of the change, site by site\nmedian {2}0\.000[1-5]/);
  });

  test('with a new word makes a folder of two files, and refuses to be one', async () => {
    const path = await place('word.safetensors', [
      { method: 'krona', options: { a1: 4, a2: 8 }, targets: ['attn2.*'] },
      { method: 'textual-inversion', options: { token: '<dog>' }, targets: ['*.token_embedding'] },
    ]);
    const { out } = await converted(path, 'word', '--to', 'kohya');
    expect(readdirSync(out).toSorted()).toEqual(['adapter.safetensors', 'dog.safetensors']);
    const one = join(folder, 'one.safetensors');
    const { code, err } = await convert(path, one, '--to', 'kohya');
    expect(code).toBe(2);
    expect(err).toContain(
      'this makes 2 files (adapter.safetensors, dog.safetensors); give a new folder',
    );
    expect(existsSync(one)).toBe(false);
  });

  test('that is a new word alone is an embedding', async () => {
    const path = await place('only-word.safetensors', [
      { method: 'textual-inversion', options: { token: '<dog>' }, targets: ['*.token_embedding'] },
    ]);
    const { out } = await converted(path, 'dog.safetensors', '--to', 'textual-inversion');
    expect([...tensorsOf(out).keys()]).toEqual(['<dog>']);
  });
});

describe('the published DiffuseKronA', () => {
  test.each([
    ['full differences', ['--to', 'diff']],
    ['the LoRA that it is', ['--to', 'diffusers', '--as', 'lora']],
    ['the LoRA that it is, under kohya names', ['--to', 'kohya', '--as', 'lora']],
  ])('as %s makes the UNet compute the same', async (what, flags) => {
    const base = await openBase(fixturesFolder, 'unet-sd15');
    const on = ['--base', fixturePath('unet-sd15')];
    const to = [...on, '--to', 'krona'];
    const { out: before } = await converted(official, `${what}.before.safetensors`, ...to);
    const { out } = await converted(official, `${what}.safetensors`, ...on, ...flags);
    const { out: after } = await converted(out, `${what}.after.safetensors`, ...to);
    const [expected, actual] = [
      await unetOutput(base, { ...read(before), format: 'bare', notes: [] }),
      await unetOutput(base, { ...read(after), format: 'bare', notes: [] }),
    ];
    expect(relativeL2(actual, expected)).toBeLessThan(1e-5);
    const theirs = (await readFixtureTensors(files)).float32('diffusekrona-official/output');
    expect(relativeL2(actual, theirs)).toBeLessThan(1e-5);
  });

  test('is a LoRA of the product of its factors’ ranks', async () => {
    const flags = ['--base', fixturePath('unet-sd15'), '--to', 'krona', '--as', 'lora'];
    const { out } = await converted(official, 'ranks.safetensors', ...flags);
    const theirs = tensorsOf(join(official, 'pytorch_lora_weights.safetensors'));
    for (const { adapter, sites } of read(out).placed) {
      for (const { name } of sites) {
        const module = name.replace(/\.(to_\w+)(\.0)?$/, '.processor.$1_lora');
        // The fixture's factors are random, so their ranks are full.
        const rank = ['down', 'up']
          .map((side) => Math.min(...(theirs.get(`${module}.${side}.weight`)?.shape ?? [])))
          .reduce((product, each) => product * each);
        expect(adapter.options.rank).toBe(rank);
      }
    }
  });
});

describe('nothing is replaced', () => {
  test('neither its own input nor another file', async () => {
    const path = await place('input.safetensors', [{ method: 'lora', targets: ['attn2.to_k'] }]);
    const other = join(folder, 'other.safetensors');
    writeFileSync(other, 'mine');
    const before = readFileSync(path);
    for (const to of ['kohya', 'diff']) {
      for (const out of [path, join(folder, '.', 'input.safetensors'), other]) {
        const { code, err } = await convert(path, out, '--to', to, '--base', 'pocket');
        expect({ code, err }).toEqual({
          code: 2,
          err: `error: out: ${out} is there already; choose another name [OUT_EXISTS]\n`,
        });
      }
    }
    const checkpoint = join(folder, 'dog.ckpt');
    const wrong = await convert(path, checkpoint, '--to', 'kohya', '--base', 'pocket');
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('[OUT_FORMAT]') });
    expect(existsSync(checkpoint)).toBe(false);
    const inFolder = await convert(path, folder, '--to', 'peft', '--base', 'pocket');
    expect(inFolder).toMatchObject({ code: 1, err: expect.stringContaining('[FOLDER_NOT_EMPTY]') });
    expect(readFileSync(path)).toEqual(before);
    expect(readFileSync(other, 'utf8')).toBe('mine');
  });
});

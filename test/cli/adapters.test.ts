import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { elementCount, float32 } from '../../src/tensor/tensor.ts';
import { krona } from './terminal.ts';

let folder = '';
let sites: readonly Site[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-adapters-'));
  sites = baseSites(await openBaseModel('pocket'));
  const dog = adapterOf('krona', { a1: 4, a2: 4 }, ['attention'], { subject: 'sks dog' });
  write('dog', encodeAdapterFile(dog));
  write('other', encodeAdapterFile({ ...dog, base: { name: 'my/model', sites: sites.length } }));
  const style = adapterOf('lora', { rank: 2 }, ['attn2.*', 'text-encoder']);
  write('style', writeForeignAdapter(style, 'kohya', { sites }).get('adapter.safetensors'));
  const word = adapterOf('textual-inversion', { token: '<pot>' }, ['token_embedding']);
  const [embedding] = writeForeignAdapter(word, 'embedding', { sites }).values();
  write('word', embedding);
});
afterAll(() => rmSync(folder, { recursive: true }));

function adapterOf(
  method: string,
  options: Readonly<Record<string, unknown>>,
  targets: readonly string[],
  training?: AdapterTraining,
): AdapterFile {
  const random = new TorchGenerator(1);
  const adapter = configureAdapter(method, options);
  const chosen = chooseSites(sites, targets, adapter.kinds);
  const tensors = chosen.flatMap((site) =>
    adapter.parameters(site).map(({ name, shape }) => {
      const values = random.randn(elementCount(shape)).map((value) => value * 0.3);
      return [parameterName(site, name), float32(shape, values)] as const;
    }),
  );
  return {
    placed: [placeAdapter(adapter, chosen)],
    tensors: new Map(tensors),
    base: { name: 'pocket', sites: sites.length },
    ...(training === undefined ? {} : { training }),
  };
}

const file = (name: string) => join(folder, `${name}.safetensors`);

function write(name: string, bytes: Uint8Array | undefined): void {
  writeFileSync(file(name), bytes ?? '');
}

const generate = (out: string, ...flags: readonly string[]) =>
  krona([
    ...['generate', '--count', '1', '--steps', '2'],
    ...(flags.includes('--prompt') ? [] : ['--prompt', 'a teapot']),
    ...['--out', join(folder, out), ...flags],
  ]);

async function pictureOf(out: string, ...flags: readonly string[]): Promise<Buffer> {
  const { code, err } = await generate(out, ...flags, '--quiet');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { idat } = chunks(readFileSync(join(folder, out, '0001-seed0.png')));
  return idat;
}

/** The pixels of a PNG as they are stored: two pictures with other settings are equal where these are. */
function chunks(png: Buffer): { readonly idat: Buffer } {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const end = at + 8 + png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, end));
  }
  return { idat: Buffer.concat(parts) };
}

describe('several adapters in one picture', () => {
  test('of krona and of another tool, with what was asked written into it', async () => {
    const asked = ['--adapter', `${file('dog')}=0.8`];
    const also = ['--adapter', `${file('style')}=0.6,attn2.*=0.3,from=0.2`];
    const { code, err } = await generate('two', ...asked, ...also, '--prompt', 'a {subject}');
    expect(code).toBe(0);
    expect(err).toContain(`${file('style')} also changes text encoders`);
    const { out } = await krona(['inspect', join(folder, 'two', '0001-seed0.png')]);
    expect(out).toMatch(/prompt +a sks dog\n/);
    expect(
      out.slice(out.indexOf('\nadapter ')).replaceAll(folder, 'FOLDER'),
    ).toMatchInlineSnapshot(`
      "
      adapter   file FOLDER/dog.safetensors, strength 0.8, from 0, to 1
                method krona, a1 4, a2 4, layout kron, initialA normal, initialB zero, scale 1, dropout 0
                trained on: subject sks dog
      adapter   file FOLDER/style.safetensors, strength 0.6, strengths {"attn2.*":0.3}, from 0.2, to 1
                method lora, rank 2, alpha 2, rankStabilized false, dora false
      "
    `);
    const { out: json } = await krona(['inspect', join(folder, 'two', 'sheet.png'), '--json']);
    const line = `${file('dog')}=0.8 + ${file('style')}=0.6,attn2.*=0.3,from=0.2`;
    expect(JSON.stringify(JSON.parse(json).settings.adapters)).toContain('"strength":0.8');
    expect(readFileSync(join(folder, 'two', 'sheet.png'), 'latin1')).toContain(
      `Adapters: ${JSON.stringify(line)}`,
    );
  });

  test('gives the base at strength 0, of each or of all', async () => {
    const base = await pictureOf('base');
    const [dog, style] = [file('dog'), file('style')];
    const off = ['--adapter', `${dog}=0`, '--adapter', `${style}=0`];
    expect(await pictureOf('off', ...off)).toEqual(base);
    const on = ['--adapter', dog, '--adapter', style];
    expect(await pictureOf('all-off', ...on, '--strength', '0')).toEqual(base);
    expect(await pictureOf('on', ...on)).not.toEqual(base);
  });

  test('may be given in a file', async () => {
    const config = join(folder, 'two.yaml');
    writeFileSync(config, `adapter:\n  - file: ${file('dog')}\n    strength: 0.5\n    to: 0.8\n`);
    expect(await pictureOf('yaml', '--config', config)).toEqual(
      await pictureOf('flag', '--adapter', `${file('dog')}=0.5,to=0.8`),
    );
  });

  test('may be a new word', async () => {
    const word = ['--base', 'pocket', '--adapter', file('word'), '--prompt', 'a <pot>'];
    expect(await pictureOf('word', ...word)).not.toEqual(
      await pictureOf('no-word', '--prompt', 'a <pot>'),
    );
  });
});

describe('refused, with what to do', () => {
  test.each<[string, readonly string[], number, string]>([
    ['a request that cannot be read', ['--adapter', 'DOG=much'], 2, 'ADAPTER_REQUEST'],
    ['a tolerance that there is not', ['--tolerate', 'all'], 2, 'FLAG_VALUE'],
    ['a pattern of no site', ['--adapter', 'DOG,attn3.*=1'], 2, 'NO_SITES'],
    ['two bases', ['--adapter', 'DOG', '--adapter', 'OTHER'], 1, 'ADAPTER_BASES'],
    ['a file of another tool without a base', ['--adapter', 'STYLE'], 2, 'BASE_NEEDED'],
    ['a file that is not there', ['--adapter', 'NONE'], 1, 'FILE_NOT_FOUND'],
    [
      'one word twice',
      ['--adapter', 'WORD', '--adapter', 'WORD', '--base', 'pocket'],
      2,
      'TOKEN_TWICE',
    ],
    ['a base that is no adapter', ['--adapter', 'models/pocket/unet'], 1, 'NOT_AN_ADAPTER'],
  ])('%s', async (_, flags, exitCode, errorCode) => {
    const given = flags.map((flag) => flag.replace(/^[A-Z]+/, (name) => file(name.toLowerCase())));
    const { code, err } = await generate('nothing', ...given);
    expect(err).toContain(`[${errorCode}]`);
    expect(code).toBe(exitCode);
  });

  test('modules that the base does not have, until they may be left out', async () => {
    const { tensors, metadata } = decodeSafetensors(readFileSync(file('style')), 'style');
    tensors.set('lora_unet_nowhere.lora_up.weight', float32([2, 2]));
    write('more', encodeSafetensors([...tensors], metadata));
    const asked = ['--base', 'pocket', '--adapter', file('more')];
    const { code, err } = await generate('nothing', ...asked);
    expect(code).toBe(1);
    expect(err).toContain('[UNMATCHED_TENSORS]');
    const tolerated = await generate('tolerated', ...asked, '--tolerate', 'unmatched');
    expect(tolerated.code).toBe(0);
    expect(tolerated.err).toContain(
      '1 modules or tensors that the base does not have were left out',
    );
  });
});

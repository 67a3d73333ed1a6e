import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { float32 } from '../../tensor/tensor.ts';
import { openWeights } from './weight-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-weights-'));
});
afterEach(() => rm(folder, { recursive: true }));

const put = (file: string, content: Uint8Array | string): Promise<void> =>
  writeFile(join(folder, file), content);
const holding = (...names: string[]): Uint8Array =>
  encodeSafetensors(names.map((name) => [name, float32([2], [1, 2])]));

describe('the weights of a model part', () => {
  test.each(['diffusion_pytorch_model.safetensors', 'model.safetensors'])(
    'are found in %s',
    async (file) => {
      await put(file, holding('a', 'b'));
      await put('config.json', '{}');
      const weights = await openWeights(folder, 'UNet');
      expect([...weights.entries.keys()]).toEqual(['a', 'b']);
      expect(weights.totalBytes).toBe(16);
      expect(await weights.read('b')).toEqual(float32([2], [1, 2]));
    },
  );

  test('are gathered from shards, each with its own real path', async () => {
    const [one, two] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    await put('blob', holding('a'));
    await symlink('blob', join(folder, one));
    await put(two, holding('b'));
    await put(
      'model.safetensors.index.json',
      JSON.stringify({ metadata: { total_size: 16 }, weight_map: { a: one, b: two } }),
    );
    const weights = await openWeights(folder, 'text encoder');
    expect(weights.entries.get('a')?.file).toMatch(/blob$/);
    expect(weights.entries.get('b')?.file).toMatch(/00002-of-00002\.safetensors$/);
    expect(await weights.read('a')).toEqual(float32([2], [1, 2]));
  });

  test('come in the variant asked for, whole or sharded', async () => {
    await put('diffusion_pytorch_model.safetensors', holding('full'));
    await put('diffusion_pytorch_model.fp16.safetensors', holding('half'));
    await put(
      'diffusion_pytorch_model.safetensors.index.bf16.json',
      '{"weight_map":{"brain":"x"}}',
    );
    await put('x', holding('brain'));
    const names = async (variant?: string): Promise<string[]> => [
      ...(
        await openWeights(folder, 'UNet', variant === undefined ? {} : { variant })
      ).entries.keys(),
    ];
    expect(await names()).toEqual(['full']);
    expect(await names('fp16')).toEqual(['half']);
    expect(await names('bf16')).toEqual(['brain']);
    await expect(names('fp8')).rejects.toMatchObject({
      code: 'WEIGHTS_VARIANT',
      message: expect.stringContaining('"fp8"'),
    });
  });

  test('come in the only variant there is when none is asked for', async () => {
    await put('model.fp16.safetensors', holding('half'));
    expect([...(await openWeights(folder, 'UNet')).entries.keys()]).toEqual(['half']);
    await put('model.non_ema.safetensors', holding('raw'));
    await expect(openWeights(folder, 'UNet')).rejects.toMatchObject({ code: 'WEIGHTS_VARIANT' });
  });

  test('may be PyTorch files, where there are no others', async () => {
    const torch = join(import.meta.dirname, '../../../test/data/torch/state-dict.bin');
    await put('pytorch_model.bin', await readFile(torch));
    const weights = await openWeights(folder, 'text encoder');
    expect([...weights.entries.keys()]).toEqual(['weight', 'bias']);
    expect([...(await weights.read('bias')).data]).toEqual([-1, -1]);
    await put('model.safetensors', holding('better'));
    expect([...(await openWeights(folder, 'text encoder')).entries.keys()]).toEqual(['better']);
  });

  test('are named with the nearest name when one is missing', async () => {
    await put('model.safetensors', holding('conv_in.weight'));
    const weights = await openWeights(folder, 'VAE');
    await expect(weights.read('conv_in.wieght')).rejects.toMatchObject({
      code: 'TENSOR_MISSING',
      message: expect.stringMatching(/^VAE: .*did you mean "conv_in.weight"\?/),
    });
  });
});

describe('a folder without usable weights', () => {
  const refusal = (code: string, part: string): Promise<void> =>
    expect(openWeights(folder, 'UNet')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(part),
    });

  test('is told what was looked for and what it holds', async () => {
    await put('config.json', '{}');
    await put('model.onnx', '');
    await refusal('WEIGHTS_NOT_FOUND', 'found config.json, model.onnx');
    await refusal('WEIGHTS_NOT_FOUND', 'looked for diffusion_pytorch_model.safetensors');
  });

  test('that does not exist is refused by its path', async () => {
    await expect(openWeights(join(folder, 'unet'), 'UNet')).rejects.toMatchObject({
      code: 'WEIGHTS_NOT_FOUND',
      message: expect.stringContaining(join(folder, 'unet')),
    });
  });

  test('that holds a PyTorch file which could run code is refused', async () => {
    await put('diffusion_pytorch_model.bin', "cos\nsystem\n(S'echo owned'\ntR.");
    await refusal('PICKLE_UNSAFE', '"os.system"');
  });

  test('whose index names a tensor its shard lacks is refused', async () => {
    await put('shard', holding('a'));
    await put('model.safetensors.index.json', '{"weight_map":{"a":"shard","b":"shard"}}');
    await refusal('WEIGHTS_INDEX', 'expected tensor "b" in shard');
  });

  test('whose shards hold one tensor twice is refused', async () => {
    await put('one', holding('a'));
    await put('two', holding('a', 'b'));
    await put('model.safetensors.index.json', '{"weight_map":{"a":"one","b":"two"}}');
    await refusal('WEIGHTS_DUPLICATE', '"a" is in two shards');
  });

  test.each(['{}', '[]', '{"weight_map":{}}', '{"weight_map":{"a":"../secret"}}'])(
    'whose index is %s is refused',
    async (index) => {
      await put('model.safetensors.index.json', index);
      await refusal('WEIGHTS_INDEX', 'weight_map');
    },
  );
});

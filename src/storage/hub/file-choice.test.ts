import { describe, expect, test } from 'vitest';
import { chooseFiles } from './file-choice.ts';

const index = {
  _class_name: 'StableDiffusionPipeline',
  safety_checker: [null, null],
  scheduler: ['diffusers', 'PNDMScheduler'],
  text_encoder: ['transformers', 'CLIPTextModel'],
  tokenizer: ['transformers', 'CLIPTokenizer'],
  unet: ['diffusers', 'UNet2DConditionModel'],
  vae: ['diffusers', 'AutoencoderKL'],
};

const configurations = [
  'model_index.json',
  'scheduler/scheduler_config.json',
  'text_encoder/config.json',
  'tokenizer/merges.txt',
  'tokenizer/vocab.json',
  'unet/config.json',
  'vae/config.json',
];
const stems = {
  unet: 'unet/diffusion_pytorch_model',
  vae: 'vae/diffusion_pytorch_model',
  text: 'text_encoder/model',
};
const plain = Object.values(stems).map((stem) => `${stem}.safetensors`);

const choose = (files: readonly string[], variant?: string) =>
  chooseFiles(files, { where: 'owner/name@main', index, variant });

describe('the choice of files', () => {
  test('takes one set of weights and nothing of the rest', () => {
    const others = [
      'README.md',
      'v1-5-pruned.safetensors',
      'safety_checker/model.safetensors',
      'unet/diffusion_pytorch_model.bin',
      'unet/diffusion_pytorch_model.non_ema.safetensors',
      'unet/diffusion_flax_model.msgpack',
      'vae/diffusion_pytorch_model.fp16.safetensors',
    ];
    const chosen = choose([...configurations, ...plain, ...others]);
    expect([...chosen].sort()).toEqual([...configurations, ...plain].sort());
  });

  test('puts optional files first and model_index.json last', () => {
    const optional = ['krona.json', 'tokenizer/added_tokens.json'];
    const chosen = choose([...configurations, ...plain, ...optional]);
    expect([...chosen.slice(0, 2)].sort()).toEqual(optional);
    expect(chosen.at(-1)).toBe('model_index.json');
  });

  test('takes fp16 where there is nothing without a variant', () => {
    const half = Object.values(stems).map((stem) => `${stem}.fp16.safetensors`);
    const bf16 = Object.values(stems).map((stem) => `${stem}.bf16.safetensors`);
    const chosen = choose([...configurations, ...bf16, ...half]);
    expect(chosen.filter((path) => path.endsWith('.safetensors')).sort()).toEqual(half.sort());
  });

  test.each([
    ['before the number', 'fp16-0000N-of-00002', '.safetensors.index.fp16.json'],
    ['after the number', '0000N-of-00002.fp16', '.fp16.safetensors.index.json'],
  ])('takes the shards of a variant that is named %s, with their index', (_, form, ending) => {
    const shards = ['1', '2'].map((n) => {
      const separator = form.startsWith('fp16') ? '.' : '-';
      return `${stems.unet}${separator}${form.replace('N', n)}.safetensors`;
    });
    const set = [...shards, `${stems.unet}${ending}`];
    const chosen = choose([...configurations, ...plain, ...set], 'fp16');
    expect(chosen).toEqual(expect.arrayContaining(set));
    expect(chosen).not.toContain(`${stems.unet}.safetensors`);
    expect(chosen).toContain(`${stems.vae}.safetensors`);
  });

  test('does not take shards of which one is missing', () => {
    const shard = `${stems.unet}-00001-of-00002.safetensors`;
    const files = [...configurations, ...plain.slice(1), shard];
    const set = [...files, `${stems.unet}.safetensors.index.json`];
    expect(() => choose(set)).toThrow(expect.objectContaining({ code: 'HUB_INCOMPLETE' }));
  });

  test('asks for every part that the model index names, and for no other', () => {
    const without = plain.filter((path) => !path.startsWith('vae/'));
    expect(() => choose([...configurations, ...without])).toThrow(/vae\/\*\.safetensors/);
    const refiner = { unet: index.unet, vae: index.vae, text_encoder: [null, null] };
    const files = [...configurations, ...plain].filter((path) => /^(unet|vae)\//.test(path));
    const chosen = chooseFiles(files, { where: 'x', index: refiner, variant: undefined });
    expect([...chosen].sort()).toEqual([...files, 'model_index.json'].sort());
  });
});

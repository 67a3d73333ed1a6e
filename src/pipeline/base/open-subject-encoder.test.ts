import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeBlipFolder } from '../../../test/blip-folder.ts';
import { fixturePath } from '../../../test/fixtures.ts';
import { openBaseModel } from './open-base.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'krona-blip-'));
});
afterAll(() => rm(root, { recursive: true }));

/** A folder with a Q-former of its own, one of whose files is changed. */
async function changed(name: string, file: string, change: (json: string) => string) {
  const folder = await makeBlipFolder(join(root, name), {
    without: ['qformer', 'image_processor'],
  });
  for (const part of ['qformer', 'image_processor']) {
    await cp(fixturePath(`blip-diffusion/${part}`), join(folder, part), { recursive: true });
  }
  const path = join(folder, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
  return folder;
}

describe('a BLIP-Diffusion folder', () => {
  test('is opened with its Q-former, whose tokenizer may lie beside it', async () => {
    const { subjectEncoder } = await openBaseModel(await makeBlipFolder(join(root, 'whole')));
    expect(subjectEncoder).toMatchObject({ position: 2, config: { queries: 4, size: 48 } });
    expect(subjectEncoder?.tokenizer.encode('red dog')).toEqual([2, 66, 62, 3]);
  });

  test('of another model has no Q-former', async () => {
    expect((await openBaseModel('pocket')).subjectEncoder).toBeUndefined();
  });

  test.each<[string, Parameters<typeof makeBlipFolder>[1], string, string]>([
    ['a missing folder', { without: ['qformer'] }, 'QFORMER_MISSING', 'check that the model was'],
    ['an index that leaves it out', { index: { qformer: null } }, 'MODEL_UNSUPPORTED', '"qformer"'],
    [
      'a place before the start',
      { index: { ctx_begin_pos: 0 } },
      'PARTS_DIFFER',
      'expected 1 to 72',
    ],
    ['a place behind the end', { index: { ctx_begin_pos: 73 } }, 'PARTS_DIFFER', 'is 73'],
    [
      'a place that is no number',
      { index: { ctx_begin_pos: 'two' } },
      'MODEL_UNSUPPORTED',
      'ctx_begin_pos',
    ],
  ])('is refused with %s', async (what, options, code, words) => {
    const folder = await makeBlipFolder(join(root, what), options);
    const opening = openBaseModel(folder);
    await expect(opening).rejects.toMatchObject({ code });
    await expect(opening).rejects.toThrow(words);
  });

  test.each<[string, string, (text: string) => string, string, string]>([
    [
      'states of another size',
      'qformer/config.json',
      (text) => text.replace('"encoder_hidden_size": 40', '"encoder_hidden_size": 48'),
      'BLIP_CONFIG',
      'expected the 40 of vision_config.hidden_size',
    ],
    [
      'fewer layers than its weights',
      'qformer/config.json',
      (text) => text.replace('"num_hidden_layers": 2', '"num_hidden_layers": 1'),
      'WEIGHTS_MISMATCH',
      'is not part of this model',
    ],
    [
      'more word pieces than it knows',
      'qformer/vocab.txt',
      (text) => `${text}wolf1\nwolf2\n`,
      'PARTS_DIFFER',
      'knows 69 word pieces',
    ],
    [
      'a vocabulary that is none of BERT',
      'qformer/vocab.txt',
      () => 'dog\ncat\n',
      'TOKENIZER_SPECIAL_TOKEN',
      'no [UNK]',
    ],
    [
      'a picture processor of another size',
      'image_processor/preprocessor_config.json',
      (text) => text.replaceAll('28', '224'),
      'PREPROCESSOR',
      '224 x 224',
    ],
  ])('is refused with %s', async (what, file, change, code, words) => {
    const opening = openBaseModel(await changed(what, file, change));
    await expect(opening).rejects.toMatchObject({ code });
    await expect(opening).rejects.toThrow(words);
  });

  test('is refused where context vectors are not of the text encoder', async () => {
    // The Q-former of 48 beside a text encoder of another width.
    const folder = await makeBlipFolder(join(root, 'widths'), {
      without: ['text_encoder', 'unet'],
    });
    await cp(fixturePath('openclip-text-sd2'), join(folder, 'text_encoder'), { recursive: true });
    await cp(fixturePath('unet-sd21'), join(folder, 'unet'), { recursive: true });
    await expect(openBaseModel(folder)).rejects.toThrow('context vectors of size 48');
  });
});

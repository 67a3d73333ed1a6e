import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trained } from '../../test/merge/models.ts';
import { originalUNetName, originalVaeName } from '../../test/single-file/original-names.ts';
import { torchCheckpoint } from '../../test/single-file/torch-writer.ts';
import { openTokenizer } from '../data/open-tokenizer.ts';
import { encodeSafetensors } from '../formats/safetensors/safetensors.ts';
import { type FamilyName, families } from '../models/families.ts';
import { type CheckpointKindName, checkpointKinds } from '../models/single-file/kinds.ts';
import { checkpointParts } from '../models/single-file/parts.ts';
import type { ModelWeights } from '../models/weights.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { parseModelIndex } from '../pipeline/base/model-index.ts';
import { outlineModel } from '../pipeline/base/model-outline.ts';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import { makeRandomModel } from '../pipeline/random/random-model.ts';
import { textPartName } from '../pipeline/text/text-network.ts';
import { writeFolderAtomic } from '../storage/files/atomic-folder.ts';
import { isTensorFileName, openTensorFile } from '../storage/weights/tensor-file.ts';
import { readPlace } from '../storage/weights/weight-place.ts';
import { toFloat32 } from '../tensor/half.ts';
import { float32, int64, sameShape, type Tensor } from '../tensor/tensor.ts';
import { filesOfFamily } from './folder-files.ts';
import { mergeCheckpoint } from './merge-checkpoint.ts';
import { MergedWeights } from './merged-weights.ts';
import { singleFileMetadata } from './metadata.ts';
import { singleFileTensors } from './single-file-tensors.ts';
import { writeTensors } from './write-tensors.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-merge-file-'));
afterAll(() => rm(folder, { recursive: true }));

interface Case {
  readonly kind: CheckpointKindName;
  readonly family: FamilyName;
  /** Weights whose tensors keep their names, are joined with others, turned, or were convolutions. */
  readonly targets: readonly string[];
}

const openClipTargets = ['attn1.to_q', 'conv1', 'self_attn.q_proj', 'self_attn.v_proj.bias'];
const cases: readonly Case[] = [
  { kind: 'sd1', family: 'sd15', targets: ['attn2.to_v', 'conv_shortcut', 'self_attn.q_proj'] },
  { kind: 'sd2', family: 'sd21', targets: openClipTargets },
  { kind: 'sdxl', family: 'sdxl', targets: [...openClipTargets, 'text_projection'] },
  { kind: 'sdxlRefiner', family: 'sdxl-refiner', targets: [...openClipTargets, 'text_projection'] },
];
for (const { family } of cases) {
  await makeRandomModel({ family, size: 'tiny', out: join(folder, family), seed: 1 });
}

const changes = new Map<string, ReturnType<typeof trained>>();

/** An adapter of a model, made once. */
async function changesOf(base: BaseModel, targets: readonly string[]) {
  const key = JSON.stringify([base.name, targets]);
  const made = changes.get(key) ?? trained(base, { method: 'dreambooth', targets, strength: 0.5 });
  changes.set(key, made);
  return [await made];
}

function configOf({ unet, vae, textEncoders }: BaseModel) {
  const texts = textEncoders.map(({ config }) => config);
  return { unet: unet.config, vae: vae.config, textEncoders: texts };
}

/** The weights of a model by part and name. */
function partsOf({
  unet,
  vae,
  textEncoders,
}: BaseModel): readonly (readonly [string, ModelWeights])[] {
  return [
    ['unet', unet.weights],
    ['vae', vae.weights],
    ...textEncoders.map(({ weights }, i) => [textPartName(i), weights] as const),
  ];
}

/** The same model with its weights in a file. */
async function inFile(base: BaseModel, path: string, kind: CheckpointKindName): Promise<BaseModel> {
  const file = await openTensorFile(path);
  const parts = checkpointParts(file, checkpointKinds[kind], configOf(base));
  return {
    ...base,
    name: path,
    folder: path,
    unet: { ...base.unet, weights: parts.unet },
    vae: { ...base.vae, weights: parts.vae },
    textEncoders: base.textEncoders.map((text, i) => ({
      ...text,
      weights: parts.textEncoders[i] ?? text.weights,
    })),
  };
}

/** Writes a model with adapters into a file. */
async function write(base: BaseModel, { kind, targets }: Case, path: string): Promise<void> {
  const adapters = await changesOf(base, targets);
  await using weights = new MergedWeights(base, adapters);
  const file = isTensorFileName(base.folder) ? await openTensorFile(base.folder) : undefined;
  const layout = { kind: checkpointKinds[kind], file };
  const tensors = singleFileTensors(base, weights, layout, 'f32');
  const metadata = singleFileMetadata(base, adapters, { kind, stated: file?.metadata, out: path });
  await writeTensors([{ path, tensors, metadata }], {});
}

/** Names of weights whose numbers are not those of another model with adapters, bit for bit. */
async function different(found: BaseModel, base: BaseModel, targets: readonly string[]) {
  await using weights = new MergedWeights(base, await changesOf(base, targets));
  const names: string[] = [];
  for (const [part, { places }] of partsOf(found)) {
    for (const [name, place] of places) {
      const full = `${part}.${name}`;
      const expected = toFloat32(await weights.read(full));
      const { shape, data } = toFloat32(await readPlace(place));
      const same =
        sameShape(shape, expected.shape) &&
        Buffer.from(data.buffer).equals(Buffer.from(expected.data.buffer));
      if (!same) names.push(full);
    }
  }
  return names;
}

describe.each(cases)('a model of $family as one file', (given) => {
  const { kind, family, targets } = given;
  const path = join(folder, `${family}.safetensors`);
  let base: BaseModel;
  beforeAll(async () => {
    base = await openBaseModel(join(folder, family));
    await write(base, given, path);
  });

  test('holds the merged weights under the original names, bit for bit', async () => {
    const merged = await inFile(base, path, kind);
    expect(await different(merged, base, targets)).toEqual([]);
    expect((await different(merged, base, targets.slice(0, 1))).length).toBeGreaterThan(0);

    const { places } = await openTensorFile(path);
    const coarsest = kind === 'sdxl';
    const known = [
      ...[...base.unet.weights.places.keys()].map((name) => originalUNetName(name, coarsest)),
      ...[...base.vae.weights.places.keys()].map(originalVaeName),
    ];
    expect(known.filter((name) => !places.has(name))).toEqual([]);
    const texts = [...places.keys()].filter((name) => /^(cond|conditioner)/.test(name));
    expect(texts.length).toBe(places.size - known.length);
    const attention = places.get('first_stage_model.encoder.mid.attn_1.q.weight');
    expect(attention?.entry.shape).toEqual([32, 32, 1, 1]);
  });

  test.each(['safetensors', 'ckpt'])(
    'of a .%s keeps its names, and what it holds besides',
    async (ending) => {
      const { places } = await openTensorFile(path);
      const all = new Map<string, Tensor>();
      for (const [name, place] of places) all.set(renamed(name, kind), await readPlace(place));
      const besides = ['v_pred', 'cond_stage_model.logit_scale', 'alphas_cumprod'];
      for (const name of besides) all.set(name, float32([2], [3, 4]));
      const ids = 'cond_stage_model.position_ids';
      all.set(ids, int64([1, 3], [0, 1, 2]));
      all.set('model_ema.decay', float32([1]));
      const fullPath = join(folder, `full-${family}.${ending}`);
      await writeFile(
        fullPath,
        ending === 'ckpt' ? torchCheckpoint(all) : encodeSafetensors(all, stated),
      );

      const full = await inFile(base, fullPath, kind);
      const title = `full-${family}-${ending}-merged`;
      const out = join(folder, `${title}.safetensors`);
      await write(full, given, out);
      const merged = await openTensorFile(out);
      expect([...merged.places.keys()].sort()).toEqual(
        [...all.keys()].filter((name) => name !== 'model_ema.decay').sort(),
      );
      for (const name of [...besides, ids]) {
        const place = merged.places.get(name);
        expect(place && (await readPlace(place))).toEqual(all.get(name));
      }
      expect(await different(await inFile(base, out, kind), full, targets)).toEqual([]);
      for (const [name, { entry }] of merged.places)
        expect(entry.shape).toEqual(all.get(name)?.shape);
      if (ending === 'ckpt') return;
      expect(merged.metadata['modelspec.author']).toBe('somebody');
      expect(merged.metadata['modelspec.title']).toBe(title);
      expect(merged.metadata['modelspec.merged_from']).toBe(`full-${family}, dreambooth`);
      expect(merged.metadata).not.toHaveProperty('modelspec.hash_sha256');
    },
  );

  test('has folders for its family, which state its sizes', async () => {
    const outline = await outlineModel(family, family);
    const wide = {
      ...outline,
      unet: { ...outline.unet, config: { ...outline.unet.config, inChannels: 9 } },
    };
    const { files, texts } = await filesOfFamily(wide, checkpointKinds[kind]);
    const out = join(folder, `files-${family}`);
    await writeFolderAtomic(
      out,
      new Map(
        [...files].map(([name, file]) => [name, Buffer.from('text' in file ? file.text : '')]),
      ),
    );
    const again = await outlineModel(family, { folder: out });
    expect(configOf(again)).toEqual(configOf(wide));
    expect(again.scheduler).toEqual(outline.scheduler);
    expect(texts.map(({ encoder }) => encoder)).toEqual(families[family].textEncoders);
    const index = parseModelIndex(
      JSON.parse(await readFile(join(out, 'model_index.json'), 'utf8')),
      out,
    );
    expect(index).toEqual({
      textEncoders: texts,
      zeroNegative: checkpointKinds[kind].zeroNegative,
    });
    for (const [i, { tokenizer }] of texts.entries()) {
      const { padId, idOf } = await openTokenizer(join(out, tokenizer));
      expect(padId).toBe(idOf(checkpointKinds[kind].texts[i]?.pad ?? ''));
    }
  });
});

const stated = { 'modelspec.author': 'somebody', 'modelspec.hash_sha256': 'of the base' };

/** A second layout of text encoders that is met in files. */
function renamed(name: string, kind: CheckpointKindName): string {
  if (kind === 'sd1') return name.replace('transformer.text_model.', 'transformer.');
  if (kind === 'sd2') return name.replace('cond_stage_model.', 'conditioner.embedders.0.');
  return name;
}

describe('refused:', () => {
  const refusal = (code: string, part: string) =>
    expect.objectContaining({ code, message: expect.stringContaining(part) });

  test('a file for a model of no published size', async () => {
    const base = await openBaseModel('pocket');
    const out = join(folder, 'pocket.safetensors');
    await expect(mergeCheckpoint({ base, adapters: [], out })).rejects.toThrow(
      refusal('NO_SINGLE_FILE', 'give a folder as `out`'),
    );
  });

  test('a file that is there, and other formats', async () => {
    const base = await openBaseModel('pocket');
    const out = join(folder, 'there.safetensors');
    await writeFile(out, 'mine');
    await expect(mergeCheckpoint({ base, adapters: [], out })).rejects.toThrow(
      refusal('OUT_EXISTS', 'choose another name'),
    );
    expect(await readFile(out, 'utf8')).toBe('mine');
    await expect(
      mergeCheckpoint({ base, adapters: [], out: join(folder, 'model.ckpt') }),
    ).rejects.toThrow(refusal('OUT_FORMAT', '.safetensors only'));
  });

  test('a new word in a file, with what to do', async () => {
    const base = await openBaseModel('pocket');
    const options = { token: '<it>' };
    const word = await trained(base, {
      method: 'textual-inversion',
      options,
      targets: ['*token*'],
    });
    const out = join(folder, 'word.safetensors');
    await expect(mergeCheckpoint({ base, adapters: [word], out })).rejects.toThrow(
      refusal('WORDS_NEED_FOLDER', '<it>'),
    );
  });
});

/** Single files of the published size: their headers are whole, their numbers a hole in the file. */

import { cp, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findingOf } from '../../src/cli/commands/inspect/inspect.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { resolveSettings } from '../../src/diffusion/scheduler-config.ts';
import {
  safetensorsLayout,
  type TensorSpec,
} from '../../src/formats/safetensors/safetensors-layout.ts';
import { inspectSingleFile } from '../../src/inspect/single-file-inspection.ts';
import { filesOfFamily } from '../../src/merge/folder-files.ts';
import { openFamilyConfig } from '../../src/models/families.ts';
import { averageName, checkpointKinds } from '../../src/models/single-file/kinds.ts';
import { checkpointSources } from '../../src/models/single-file/parts.ts';
import { traceUNet } from '../../src/models/unet/sites.ts';
import { textClaims, vaeClaims } from '../../src/models/weight-claims.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { openTensorFile } from '../../src/storage/weights/tensor-file.ts';
import type { Shape } from '../../src/tensor/tensor.ts';
import { krona } from '../cli/terminal.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-whole-'));
});
afterAll(() => rm(folder, { recursive: true }));

const config = await openFamilyConfig('sd15');
const kind = checkpointKinds.sd1;
const sources = checkpointSources(kind, config);
const [text = config.textEncoders[0]] = config.textEncoders;
if (text === undefined) throw new Error('the family has no text encoder');
const shapes = new Map<string, Shape>();
for (const [claims, named] of [
  [traceUNet(config.unet).weights, sources.unet],
  [vaeClaims(config.vae), sources.vae],
  [textClaims(text), sources.textEncoders[0]],
] as const) {
  for (const [name, { shape }] of claims) shapes.set(named?.get(name)?.name ?? '', shape);
}
const unetNames = [...sources.unet.values()].map(({ name }) => name);

/** Writes a checkpoint of Stable Diffusion 1.x without its numbers. */
async function checkpoint(
  name: string,
  further: Readonly<Record<string, Shape>> = {},
  rename = (stored: string) => stored,
): Promise<string> {
  const spec = (shape: Shape): TensorSpec => ({ dtype: 'f8e4m3', shape });
  const { header, fileSize } = safetensorsLayout([
    ...[...shapes].map(([stored, shape]) => [rename(stored), spec(shape)] as const),
    ...Object.entries(further).map(([stored, shape]) => [stored, spec(shape)] as const),
  ]);
  const path = join(folder, name);
  const file = await open(path, 'w');
  await file.write(header);
  await file.truncate(fileSize);
  await file.close();
  return path;
}

const averages = (): Record<string, Shape> => ({
  ...Object.fromEntries(unetNames.map((name) => [averageName(name), shapes.get(name) ?? []])),
  'model_ema.decay': [],
  'model_ema.num_updates': [],
});

describe('what tensors beside the weights say of the noise', () => {
  test.each<[string, Readonly<Record<string, Shape>>, string, boolean, string]>([
    ['nothing', {}, 'epsilon', false, 'predicting the noise'],
    ['v_pred', { v_pred: [0] }, 'v_prediction', false, 'the tensor "v_pred"'],
    ['v_pred and ztsnr', { v_pred: [0], ztsnr: [0] }, 'v_prediction', true, 'is pure noise'],
    ['ztsnr alone', { ztsnr: [0] }, 'epsilon', false, 'it is not used'],
  ])('%s', async (name, further, prediction, zeroSnr, note) => {
    const base = await openBaseModel(await checkpoint(`${name}.safetensors`, further));
    const settings = resolveSettings(base.scheduler);
    expect(settings.prediction_type).toBe(prediction);
    expect(settings.rescale_betas_zero_snr).toBe(zeroSnr);
    expect(settings.timestep_spacing).toBe(zeroSnr ? 'trailing' : 'leading');
    expect(base.notes?.join('\n')).toContain(note);
    const { files } = await filesOfFamily(base, kind);
    const written = files.get('scheduler/scheduler_config.json');
    const json = written !== undefined && 'text' in written ? JSON.parse(written.text) : {};
    expect(json.rescale_betas_zero_snr ?? false).toBe(zeroSnr);
    expect(json.prediction_type).toBe(prediction);
  });

  test.each(['edm_mean', 'edm_vpred.sigma_max'])('%s: refused by name', async (name) => {
    const path = await checkpoint('edm.safetensors', { [name]: [1] });
    await expect(openBaseModel(path)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringContaining(`"${name}"`),
    });
  });
});

describe('averages over training', () => {
  test('are other tensors, taken where they are asked for, and spoken of where they are not', async () => {
    const path = await checkpoint('full-ema.safetensors', averages());
    const last = await openBaseModel(path);
    const average = await openBaseModel(path, {}, { ema: true });
    const { places } = await openTensorFile(path);
    for (const [name, { name: stored }] of sources.unet) {
      const offset = (base: typeof last) => base.unet.weights.places.get(name)?.entry.offset;
      expect(offset(last)).toBe(places.get(stored)?.entry.offset);
      expect(offset(average)).toBe(places.get(averageName(stored))?.entry.offset);
    }
    expect(average.vae.weights.places).toEqual(last.vae.weights.places);
    expect(last.notes?.join('\n')).toContain('"ema" takes the average');
    expect(average.notes?.join('\n')).toContain('the UNet is the average over its training');
  });

  test('are named as CompVis names them', () => {
    expect(averageName('model.diffusion_model.input_blocks.0.0.weight')).toBe(
      'model_ema.diffusion_modelinput_blocks00weight',
    );
  });

  test('that are not all there are refused', async () => {
    const { [averageName(unetNames[7] ?? '')]: _, ...others } = averages();
    const path = await checkpoint('cut.safetensors', others);
    await expect(openBaseModel(path, {}, { ema: true })).rejects.toMatchObject({
      code: 'CHECKPOINT_EMA',
      message: expect.stringContaining(averageName(unetNames[7] ?? '')),
    });
  });

  test('of a folder are those in unet_ema, as trainers write it beside unet', async () => {
    const path = join(folder, 'averaged');
    await cp(pocketFolder(), path, { recursive: true });
    await cp(join(path, 'unet'), join(path, 'unet_ema'), { recursive: true });
    const average = join(path, 'unet_ema', 'config.json');
    const ofTraining = { decay: 0.9999, optimization_step: 500, use_ema_warmup: false };
    await writeFile(
      average,
      JSON.stringify({ ...JSON.parse(await readFile(average, 'utf8')), ...ofTraining }),
    );
    const opened = await openBaseModel(path, {}, { ema: true });
    expect(opened.unet.weights.folder).toBe(join(path, 'unet_ema'));
    expect((await openBaseModel(path)).unet.weights.folder).toBe(join(path, 'unet'));
  });

  test('of a folder without them are refused', async () => {
    await expect(openBaseModel('pocket', {}, { ema: true })).rejects.toMatchObject({
      code: 'EMA_OF_FOLDER',
    });
  });
});

test.each(['cond_stage_model.model.transformer.', 'conditioner.embedders.0.transformer.'])(
  'a text encoder under %s is found',
  async (prefix) => {
    const path = await checkpoint('wrapped.safetensors', {}, (name) =>
      name.replace(/^cond_stage_model\.transformer\./, prefix),
    );
    const { textEncoders, notes } = await openBaseModel(path);
    expect(textEncoders[0]?.weights.places.size).toBe(textClaims(text).size);
    expect(notes?.join('\n')).not.toContain('not used');
  },
);

describe('krona inspect', () => {
  test('says what a whole model in one file is', async () => {
    const path = await checkpoint('inspected.safetensors', { v_pred: [0], ztsnr: [0] });
    const { places, metadata } = await openTensorFile(path);
    const summary = {
      ...{ tensors: places.size, parameters: 0, bytes: 0, dtypes: { f8e4m3: places.size } },
      ...{ notFinite: [], allZero: [] },
    };
    const {
      kind: found,
      title,
      facts,
      details,
    } = findingOf(await inspectSingleFile({ path, places, metadata, summary }));
    expect(found).toBe('model');
    expect(title).toContain('Stable Diffusion 1.x, predicting the velocity');
    expect(facts).toContainEqual(['unet', '859,520,964 parameters, 860 MB, f8e4m3']);
    expect(facts.map(([, value]) => value).join('\n')).not.toContain('not used');
    expect(details).toMatchObject({ predictionType: 'v_prediction', zeroTerminalSnr: true });
  });

  test('says of one that is no base why', async () => {
    const path = join(folder, 'part.safetensors');
    const { header, fileSize } = safetensorsLayout([
      ['model.diffusion_model.input_blocks.0.0.weight', { dtype: 'f16', shape: [1, 4, 1, 1] }],
    ]);
    const file = await open(path, 'w');
    await file.write(header);
    await file.truncate(fileSize);
    await file.close();
    const { code, out } = await krona(['inspect', path]);
    expect(code).toBe(0);
    expect(out).toContain('a Stable Diffusion checkpoint that cannot be used as a base');
    expect(out).toContain('warning: ');
  });

  test.each(['nothing-here', 'sd51'])('refuses a base that is not there: %s', async (base) => {
    const { code, err } = await krona(['inspect', folder, '--base', base]);
    expect(code).not.toBe(0);
    expect(err).toContain(`base "${base}": expected one of`);
  });
});

/** @file The check itself: reference values of the same kinds with other sizes, and such that nothing compares. */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { elementCount, type Tensor } from '../../src/tensor/tensor.ts';
import { fixturePath } from '../fixtures.ts';
import { checkFixtureFile, formatRow } from './report.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-parity-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Folders that a pipeline's parts lie in, beside its own. */
const parts = ['unet-sdxl', 'vae-sdxl', 'clip-text', 'openclip-text-proj', 'clip-tokenizer'];

/** A fixture with other tensors and other JSON; returns its JSON's path. */
async function changed(
  name: string,
  change: (tensors: Map<string, Tensor>) => void,
  json: object = {},
): Promise<string> {
  const root = await mkdtemp(join(folder, `${name}-`));
  const path = join(root, name);
  await cp(fixturePath(name), path, { recursive: true });
  for (const part of parts) await symlink(fixturePath(part), join(root, part));
  const file = join(path, 'expected.safetensors');
  const tensors = new Map(decodeSafetensors(await readFile(file), file).tensors);
  change(tensors);
  await writeFile(file, encodeSafetensors(tensors));
  const described = join(path, 'fixture.json');
  const stated = JSON.parse(await readFile(described, 'utf8'));
  await writeFile(described, JSON.stringify({ ...stated, ...json }));
  return described;
}

/** The entries of these indices along an axis. */
function taken<T extends Tensor>(source: T, axis: number, indices: readonly number[]): T {
  const inner = elementCount(source.shape.slice(axis + 1));
  const size = source.shape[axis] ?? 1;
  const outer = elementCount(source.shape.slice(0, axis));
  const from = Array.from({ length: outer }, (_, o) => indices.map((i) => o * size + i)).flat();
  const data = source.data.slice(0, 0).constructor;
  const values = from.flatMap((row) => [...source.data.subarray(row * inner, (row + 1) * inner)]);
  const shape = source.shape.map((length, i) => (i === axis ? indices.length : length));
  return { ...source, shape, data: Reflect.construct(data, [values]) };
}

async function failuresOf(fixture: string): Promise<readonly string[]> {
  const rows = await checkFixtureFile(fixture);
  expect(rows.length).toBeGreaterThan(1);
  return rows.filter(({ worst }) => worst.status !== 'ok').map(formatRow);
}

test('pictures and texts may differ in number', async () => {
  const pictures = [0, 2];
  const texts = [3];
  const fixture = await changed('clip-model', (tensors) => {
    for (const [name, value] of tensors) {
      const isOfTexts = /^(text\/|input\/ids|output\/text)/.test(name);
      const rows = taken(value, 0, isOfTexts ? texts : pictures);
      const isMatrix = /^output\/(cosine|logits)/.test(name);
      const columns = name.endsWith('image_image') ? pictures : texts;
      tensors.set(name, isMatrix ? taken(rows, 1, columns) : rows);
    }
    const logits = tensors.get('output/logits_per_image');
    if (logits === undefined) throw new Error('the fixture has no logits');
    // Of one text the transpose has the same values in the same order.
    tensors.set('output/logits_per_text', { ...logits, shape: [1, 2] });
  });
  expect(await failuresOf(fixture)).toEqual([]);
});

test('a pipeline may draw several prompts at once', async () => {
  const fixture = await changed(
    'pipeline-sdxl',
    (tensors) => {
      // Samples don't depend on one another: two alike are twice the one. A training step has its own number.
      for (const [name, value] of tensors) {
        if (!/^(text|input|output)\//.test(name)) tensors.delete(name);
        else tensors.set(name, taken(value, name === 'output/latents_per_step' ? 1 : 0, [0, 0]));
      }
      expect(tensors.get('text/time_ids')?.shape).toEqual([2, 6]);
    },
    { prompts: ['sks dog wearing a red hat', 'sks dog wearing a red hat'] },
  );
  expect(await failuresOf(fixture)).toEqual([]);
});

test('what nothing compares has failed, by name and number', async () => {
  const fixture = await changed('clip-model', (tensors) => {
    const known = tensors.get('output/image_embeds');
    if (known === undefined) throw new Error('the fixture has no vectors');
    tensors.set('novelty/first', known).set('novelty/second', known);
  });
  expect(await failuresOf(fixture)).toEqual([
    expect.stringMatching(/novelty +2 .*FAILED at novelty\/first: NOT COMPARED, no check for it$/),
  ]);
});

test('a fixture of a kind that is not known has failed', async () => {
  const path = join(folder, 'fixture.json');
  await writeFile(path, JSON.stringify({ name: 'other', reference: 'another.Model' }));
  const [row] = await checkFixtureFile(path);
  expect(row?.worst).toMatchObject({
    status: 'failed',
    note: 'NOT COMPARED, no check for another.Model',
  });
});

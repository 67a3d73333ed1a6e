import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pocketSubjects } from '../data/pocket.ts';
import { rowsOf, type Tensor } from '../tensor/tensor.ts';
import { scoreDrift, summarizeDrift } from './drift.ts';
import { locateEncoder } from './encoder-folder.ts';
import { type ImageTextEncoder, openImageText } from './image-text.ts';
import { type SubjectScores, scoreSubject } from './score-subject.ts';
import { readPictures } from './scored-pictures.ts';
import { openSelfSupervised, type SelfSupervisedEncoder } from './self-supervised.ts';

let clip: ImageTextEncoder;
let dino: SelfSupervisedEncoder;
let teapot: readonly string[];
let cat: readonly string[];
let scores: SubjectScores;

const prompt = { typed: 'a sks teapot', plain: 'a teapot' };

/** Pictures of a cat as if they were made of the teapot, and a copy of a real one. */
beforeAll(async () => {
  clip = await openImageText(await locateEncoder('pocket', 'clip'));
  dino = await openSelfSupervised(await locateEncoder('pocket', 'dino'));
  const subjects = await pocketSubjects();
  const of = (wanted: string) => subjects.find(({ name }) => name === wanted)?.images ?? [];
  teapot = of('teapot');
  cat = of('cat');
  const files = [...cat.slice(0, 2), ...teapot.slice(0, 1)];
  scores = await scoreSubject(
    { clip, dino },
    { subject: 'teapot', className: 'teapot', real: teapot, prompts: [{ prompt, files }] },
  );
});
afterAll(async () => {
  await clip[Symbol.asyncDispose]();
  await dino[Symbol.asyncDispose]();
});

const dot = (a: Tensor<'f32'>, b: Tensor<'f32'>) =>
  a.data.reduce((sum, value, i) => sum + value * (b.data[i] ?? 0), 0);
const row = (vectors: Tensor<'f32'>, i: number) => rowsOf(vectors, i, i + 1);

describe('the scores of a subject', () => {
  test('are the cosines with every real picture and with both forms of the prompt, one by one', async () => {
    const [made, ...real] = await Promise.all(
      [cat[0] ?? '', ...teapot].map(async (path) =>
        row(await clip.encodePictures(await readPictures([path])), 0),
      ),
    );
    if (made === undefined) throw new Error('no picture');
    const cosines = real.map((each) => dot(made, each));
    const texts = await clip.encodeTexts(['a sks teapot', 'a teapot']);
    const [first] = scores.pictures;
    // Float32 sums of 128 terms.
    expect(first?.clipI).toBeCloseTo(cosines.reduce((a, b) => a + b) / 5, 5);
    expect(first?.nearestClip).toBeCloseTo(Math.max(...cosines), 5);
    expect(first?.clipTTyped).toBeCloseTo(dot(made, row(texts, 0)), 5);
    expect(first?.clipT).toBeCloseTo(dot(made, row(texts, 1)), 5);
  });

  test('tell of a prompt that names the class alone nothing about its scene', () => {
    expect(scores.pictures.map(({ clipTScene }) => clipTScene)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('of a scene are those of what the class word does not explain', async () => {
    const plain = 'a teapot on a red background';
    const prompts = [{ prompt: { typed: plain, plain }, files: teapot.slice(0, 1) }];
    const subject = { subject: 'teapot', className: 'teapot', real: teapot, prompts };
    const found = await scoreSubject({ clip, dino }, subject);
    const texts = await clip.encodeTexts([plain, 'a teapot']);
    const made = await clip.encodePictures(await readPictures(teapot.slice(0, 1)));
    // The part of the prompt at right angles to the class (Gram and Schmidt), by inner products alone.
    const along = dot(row(texts, 0), row(texts, 1));
    const scene = dot(made, row(texts, 0)) - along * dot(made, row(texts, 1));
    expect(found.pictures[0]?.clipTScene).toBeCloseTo(scene / Math.sqrt(1 - along ** 2), 4);
  });

  test('tell a copy of a real picture, and the subject from another', () => {
    const [other, , copy] = scores.pictures;
    expect(copy?.nearestClip).toBeCloseTo(1, 5);
    expect(copy?.nearestDino).toBeCloseTo(1, 5);
    expect(copy?.dino).toBeGreaterThan((other?.dino ?? 1) + 0.5);
  });

  test('say how varied the pictures of a prompt are, and how alike the real ones', async () => {
    const vectors = await dino.encodePictures(
      await readPictures([...cat.slice(0, 2), ...teapot.slice(0, 1)]),
    );
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ].map(([a = 0, b = 0]) => dot(row(vectors, a), row(vectors, b)));
    const distance = 1 - pairs.reduce((a, b) => a + b) / 3;
    expect(scores.prompts[0]?.diversityDino).toBeCloseTo(distance, 5);
    expect(scores.real.dino).toBeGreaterThan(0.7);
  });
});

describe('drift', () => {
  test('is 1 where nothing changed, and lower where a picture did', async () => {
    const [a = '', b = ''] = [cat[0], teapot[0]];
    const pairs = [
      { prompt: 'same', without: a, with: a },
      { prompt: 'changed', without: a, with: b },
    ];
    const drift = await scoreDrift({ clip, dino }, pairs);
    expect(drift[0]?.clip).toBeCloseTo(1, 5);
    expect(drift[1]?.dino).toBeLessThan(0.5);
    const summary = summarizeDrift(drift);
    expect(summary.dino).toBeCloseTo(((drift[0]?.dino ?? 0) + (drift[1]?.dino ?? 0)) / 2, 12);
    const half = ((drift[0]?.dino ?? 0) - (drift[1]?.dino ?? 0)) / 2;
    // t is 12.7062 with one degree of freedom.
    expect(summary.dinoInterval?.high).toBeCloseTo(summary.dino + 12.7062 * half, 3);
  });
});

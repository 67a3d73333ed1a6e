import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSpec } from './read-spec.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-spec-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const written = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const reading = async (text: string) => await readSpec(written('mine.yaml', text));

describe('a sweep file', () => {
  test('is called like its file and has defaults', async () => {
    const { name, spec } = await reading('title: mine\n');
    expect(name).toBe('mine');
    expect(spec).toMatchObject({ base: 'pocket', benchmark: 'pocket', seeds: [0], drift: true });
  });

  test('adds to the settings of the file it extends, and replaces the rest', async () => {
    written('below.yaml', 'title: below\nseeds: [0, 1]\ntrain: { steps: 5, batchSize: 2 }\n');
    const { spec } = await reading('extends: below.yaml\ntitle: mine\ntrain: { steps: 7 }\n');
    expect(spec).toMatchObject({
      title: 'mine',
      seeds: [0, 1],
      train: { steps: 7, batchSize: 2 },
    });
  });

  test('may claim that one is the best of a case, and compare cases as a whole', async () => {
    const cases =
      'cases: [{ name: A, vary: { shots: [1, 2] } }, { name: B, vary: { shots: [1, 2] } }]';
    const best = '{ says: a, metric: dino, case: "A, training pictures 1", than: A, is: best }';
    const whole = '{ says: b, metric: dino, across: spread, case: A, than: B }';
    const { spec } = await reading(`title: x\n${cases}\nclaims: [${best}, ${whole}]\n`);
    expect(spec.claims.map(({ is, across }) => [is, across])).toEqual([
      ['best', undefined],
      ['better', 'spread'],
    ]);
  });

  test.each([
    [
      'an unknown key',
      'title: x\nsubject: [dog]\n',
      'there is no setting "subject" for a sweep; did you mean "subjects"?',
    ],
    ['what is no YAML', 'title: [x\n', 'not sound YAML or JSON'],
    ['an alias that names nothing', 'title: x\nseeds: *s\n', 'mine.yaml: line 2: the alias *s'],
    ['what is no mapping', '- a\n', 'expected settings as "name: value" lines'],
    ['a missing title', 'seeds: [0]\n', 'title'],
    ['an extension of itself', 'extends: mine.yaml\n', 'extends itself'],
    [
      'a base of a case that is measured otherwise',
      'title: x\nbase: sd15\ncases: [{ name: A, base: pocket }]\n',
      'case "A" has base "pocket", the sweep "sd15"',
    ],
    [
      'a claim about what is not there',
      'title: x\nclaims: [{ says: a, metric: dino, case: KronA, than: LoRA }]\n',
      'claim "a": nothing is called "LoRA"',
    ],
    [
      'a claim about several variants at once',
      'title: x\nvary: { shots: [1, 2] }\nclaims: [{ says: a, metric: dino, case: KronA, than: "KronA, training pictures 1" }]\n',
      '"KronA" is 2 variants; name one: KronA, training pictures 1; KronA, training pictures 2',
    ],
    [
      'a claim at equal values about one variant',
      'title: x\ncases: [{ name: A, vary: { shots: [1, 2] } }, { name: B }]\nclaims: [{ says: a, metric: clipT, at: dino, case: A, than: B }]\n',
      '"B" is one variant, and at equal dino lines are compared; name a case that varies',
    ],
    [
      'a figure over what does not vary',
      'title: x\nvary: { shots: [1, 2] }\nshow: [{ kind: curve, x: train.steps }]\n',
      'show: "train.steps" does not vary',
    ],
  ])('is refused with %s', async (_, text, message) => {
    await expect(reading(text)).rejects.toThrow(message);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GenerateOptions } from './generate-options.ts';
import { planGeneration } from './generation-plan.ts';

const planned = (options: GenerateOptions) => planGeneration({ out: 'nowhere', ...options });

test.each(['prompt', 'negative'])('an unknown word in the braces of %s is refused', async (key) => {
  await expect(planned({ prompt: 'a dog', [key]: 'a {subjet}' })).rejects.toMatchObject({
    code: 'UNKNOWN_PLACEHOLDER',
    message: expect.stringMatching(`^${key}: {subjet} .* did you mean "{subject}"`),
  });
});

test.each(['a {subject}', 'a {}'])('%s needs an adapter that knows its subject', async (prompt) => {
  await expect(planned({ prompt })).rejects.toMatchObject({ code: 'NO_SUBJECT' });
});

test('doubled braces are braces', async () => {
  expect((await planned({ prompt: 'a {{dog}}' })).prompt).toBe('a {dog}');
});

test('the seed of a picture chooses its words, and the same seed the same', async () => {
  const { prompts, prompt } = await planned({ prompt: 'a {red|blue} {dog|cat}', count: 12 });
  const drawn = Array.from({ length: 12 }, (_, seed) => prompts[0]?.of(seed));
  expect(new Set(drawn)).toEqual(new Set(['a red dog', 'a red cat', 'a blue dog', 'a blue cat']));
  expect(prompt).toBe(drawn[0]);
  const later = await planned({ prompt: 'a {red|blue} {dog|cat}', seed: 5 });
  expect(later.prompt).toBe(drawn[5]);
});

test.each([
  [{ negative: 'a {red|blue} dog' }, 'PROMPT_CHOICES'],
  [{ negative: 'a (dog:1,5)' }, 'PROMPT_WEIGHT'],
  [{ prompt: '__animal__' }, 'WILDCARDS_MISSING'],
  [{ prompt: '{a (dog:1.2.3)|b}', count: 8 }, 'PROMPT_WEIGHT'],
  [{ prompt: '{a|b}', promptSyntax: 'plain' }, 'UNKNOWN_PLACEHOLDER'],
  [{ clipSkip: 5 }, 'CLIP_SKIP'],
] as const)('%j is refused before anything is drawn', async (options, code) => {
  await expect(planned({ prompt: 'a dog', ...options })).rejects.toMatchObject({ code });
});

test('lines of a file are prompts, none of them options', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'krona-prompts-'));
  const file = join(folder, 'prompts.txt');
  await writeFile(file, '# two\na (dog:1.2)\n\na {cat|cat}\n');
  const { prompts } = await planned({ prompts: file });
  expect(prompts.map(({ of }) => of(0))).toEqual(['a (dog:1.2)', 'a cat']);
  await writeFile(file, '--prompt "a dog" --steps 20');
  await expect(planned({ prompts: file })).rejects.toMatchObject({ code: 'PROMPTS_FILE' });
  await rm(folder, { recursive: true });
});

test.each([
  [{ eta: 0.5, sampler: 'euler' }, { sampler: 'ddim-trailing' }],
  [{ eta: 0.5, sampler: 'lcm' }, { sampler: 'tcd' }],
  [{ strength: 0.5 }, undefined],
  [{ tolerate: ['unmatched' as const] }, undefined],
  [{ keepUnmasked: false }, undefined],
])('%j, which nothing heeds, is refused by its name', async (given, other) => {
  const [name] = Object.keys(given);
  await expect(planned({ prompt: 'a dog', ...given })).rejects.toMatchObject({
    code: 'SETTING_UNHEEDED',
    message: expect.stringMatching(`^${name}: expected \``),
  });
  if (other !== undefined) await planned({ prompt: 'a dog', ...given, ...other });
});

test('what would be taken anyway says nothing', async () => {
  const usual = { eta: 0, strength: 1, tolerate: [], keepUnmasked: true };
  await planned({ prompt: 'a dog', sampler: 'euler', ...usual });
});

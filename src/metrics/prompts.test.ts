import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pocketFolder, pocketPrompts } from '../data/pocket.ts';
import { readPromptLines } from '../data/prompt-lines.ts';
import { fillTemplate, readPromptLists } from './prompts.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-prompts-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(content: string, extension = content.includes('"') ? '.json' : '.txt') {
  const path = join(folder, `prompts${extension}`);
  await writeFile(path, content);
  return path;
}

describe('evaluation prompts', () => {
  test('name the subject as it was trained, and by its class word', () => {
    const words = { phrase: 'sks $& dog', className: 'dog' };
    expect(fillTemplate('a {} and a {subject}', words)).toEqual({
      typed: 'a sks $& dog and a sks $& dog',
      plain: 'a dog and a dog',
    });
  });

  test.each([
    ['lines', '# DreamBench\n{} in the snow\r\n\na red {subject}\n'],
    ['a list', '["{} in the snow", "a red {subject}"]'],
  ])('are read from %s, for every type of subject', async (_, content) => {
    const list = ['{} in the snow', 'a red {subject}'];
    expect(await readPromptLists(await file(content))).toEqual({ object: list, live: list });
  });

  test('are read from lists by type', async () => {
    const { object, live } = await readPromptLists(join(pocketFolder(), 'prompts.json'));
    expect({ object, live }).toEqual(await pocketPrompts());
  });

  test.each([
    ['a dog in the snow', 'PROMPT_WITHOUT_SUBJECT'],
    ['\n# nothing\n', 'PROMPTS_FILE'],
    ['{ "object": ["a {}"] }', 'PROMPTS_FILE'],
    ['["a {}", 3]', 'PROMPTS_FILE'],
    ['["a {}"', 'PROMPTS_FILE'],
  ])('%j is refused', async (content, code) => {
    await expect(readPromptLists(await file(content))).rejects.toMatchObject({ code });
  });

  test('that name no subject are read as they are', async () => {
    expect(await readPromptLines(await file('a lake\n{curly}\n'))).toEqual(['a lake', '{curly}']);
  });
});

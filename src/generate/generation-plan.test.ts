import { expect, test } from 'vitest';
import type { GenerateOptions } from './generate-options.ts';
import { planGeneration } from './generation-plan.ts';

const planned = (options: Pick<GenerateOptions, 'prompt' | 'negative'>) =>
  planGeneration({ out: 'nowhere', ...options });

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

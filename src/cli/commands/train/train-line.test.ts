import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { trainLine } from './train-line.ts';

test.each<[Readonly<Record<string, unknown>>, string]>([
  [{}, 'krona train'],
  [
    { images: resolve('datasets/my dog'), subject: 'sks dog', out: resolve('runs/dog') },
    'krona train --images "datasets/my dog" --subject "sks dog" --out runs/dog',
  ],
  [
    { images: '/elsewhere/dog', captions: true, buckets: false },
    'krona train --images /elsewhere/dog --captions --no-buckets',
  ],
  [
    { samplePrompt: ['a {subject}, wet', 'b'], targets: ['attn1.to_q', 'ff.net.*'] },
    'krona train --targets "attn1.to_q,ff.net.*" --sample-prompt "a {subject}, wet" --sample-prompt b',
  ],
  [
    { adapter: 'krona', adapterOptions: { a1: 4, factors: { to_q: [4, 64] }, scale: 0.5 } },
    'krona train --adapter krona --a1 4 --factors to_q=4,64 --scale 0.5',
  ],
  [{ adapterOptions: { a2: 8 } }, 'krona train --a2 8'],
])('%j', (settings, line) => {
  expect(trainLine(settings)).toBe(line);
});

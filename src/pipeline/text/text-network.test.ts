import { expect, test } from 'vitest';
import { fixturePath } from '../../../test/fixtures.ts';
import { openParts } from '../../../test/parity/checks/pipeline.ts';
import { joinedWeights } from '../../models/weights.ts';
import { rowsOf } from '../../tensor/tensor.ts';
import { openNetwork } from '../network/open-network.ts';
import { TextEncoder } from './text-encoder.ts';
import { type TextForm, textFeeds, textWeights, traceTexts } from './text-network.ts';
import { joinedTokens, tokenize } from './tokenized-prompt.ts';

const reading = { syntax: 'a1111' } as const;

/** Of two texts at once, as training encodes them. */
test.each(['pipeline-sd15', 'pipeline-sdxl'])(
  'chunks and weights in one graph give what the encoder gives one by one, on %s',
  async (name) => {
    const base = await openParts(fixturePath(name));
    const prompts = ['a (red:1.4) cat BREAK [a dog]', 'a tree BREAK the (old:0.3) beach, ((snow))'];
    const form: TextForm = { texts: 2, chunks: 2, isWeighted: true };
    await using network = await openNetwork(joinedWeights(textWeights(base)), (graph, root) => {
      const { context, pooled } = traceTexts(graph, root, { base, ...form });
      return { context, ...(pooled && { pooled }) };
    });
    const tokens = joinedTokens(prompts.map((prompt) => tokenize(base, prompt, reading)));
    const results = await network.run(textFeeds(base, tokens, form));
    await using encoder = await TextEncoder.open(base);
    for (const [i, prompt] of prompts.entries()) {
      const { states, pooled } = await encoder.encode(prompt, reading);
      const close = (a: ArrayLike<number>, b: ArrayLike<number>) => {
        expect(a).toHaveLength(b.length);
        // Sums of thousands of numbers of magnitude 1 in float32, and in float64.
        expect(
          Math.max(...Array.from(a, (value, n) => Math.abs(value - (b[n] ?? 0)))),
        ).toBeLessThan(2e-5);
      };
      close(rowsOf(results.get('context'), i, i + 1).data, states.data);
      if (pooled) close(rowsOf(results.get('pooled'), i, i + 1).data, pooled.data);
    }
  },
);

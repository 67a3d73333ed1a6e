/** @file What a session throws that cannot be opened, or run. */
import { expect, test } from 'vitest';
import { compile, expand, Graph, input, sum } from '../../graph/index.ts';
import { openSession } from '../../runtime/index.ts';
import { float32 } from '../../tensor/tensor.ts';
import { engineFailure } from './engine-failure.ts';
import { nodeEngine } from './node-engine.ts';

test('a model that is none is a session that failed', async () => {
  await expect(nodeEngine.open(new Uint8Array([1, 2, 3]), {})).rejects.toMatchObject({
    code: 'SESSION_FAILED',
  });
});

test('memory that runs out is told apart, with what to do', async () => {
  const graph = new Graph();
  // A petabyte, which no machine has.
  const large = expand(input(graph, 'x', 'f32', [1]), [2 ** 48]);
  await using session = await openSession(compile({ graph, outputs: { y: sum(large, [0]) } }));
  await expect(session.run({ x: float32([1]) })).rejects.toMatchObject({
    code: 'OUT_OF_MEMORY',
    message: expect.stringContaining('smaller `batchSize`'),
  });
});

test.each([
  ['std::bad_alloc', 'OUT_OF_MEMORY'],
  ['memory access out of bounds', 'OUT_OF_MEMORY'],
  ['Array buffer allocation failed', 'OUT_OF_MEMORY'],
  ['Aborted(OOM)', 'OUT_OF_MEMORY'],
  ['Program Cast requires f16 but the device does not support it', 'RUN_FAILED'],
])('"%s" is %s', (said, code) => {
  expect(engineFailure(new RangeError(said), 'RUN_FAILED')).toMatchObject({ code });
});

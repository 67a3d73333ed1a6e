import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Where continuous integration wants the counts, if it does. */
const report = process.env.VITEST_JSON_REPORT;

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Every worker opens ONNX sessions with threads of their own; two cores are the machine we plan for.
    maxWorkers: 2,
    // What is kept between runs stays out of the home folder.
    env: { KRONA_CACHE: join(tmpdir(), 'krona-test-cache') },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    ...(report === undefined
      ? {}
      : { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});

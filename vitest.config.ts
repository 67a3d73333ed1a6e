import { defineConfig } from 'vitest/config';

/** Where continuous integration wants the counts, if it does. */
const report = process.env.VITEST_JSON_REPORT;

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Every worker opens ONNX sessions with threads of their own; two cores are the machine we plan for.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    ...(report === undefined
      ? {}
      : { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});

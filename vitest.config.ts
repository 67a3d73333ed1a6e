import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Every worker opens ONNX sessions with threads of their own; two cores are the machine we plan for.
    maxWorkers: 2,
    testTimeout: 120_000,
  },
});

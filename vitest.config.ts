import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** Where continuous integration wants the counts, if it does. */
const report = process.env.VITEST_JSON_REPORT;

export default defineConfig({
  test: {
    include: ['{src,page,pocket,test}/**/*.test.ts'],
    // Two cores are the machine we plan for. Workers with sessions of one thread do half as much again as with two
    // (docs/pitfalls.md); one more than there are cores, because some tests wait for servers and other programs.
    maxWorkers: 3,
    env: {
      KRONA_THREADS: '1',
      // What is kept between runs stays out of the home folder.
      KRONA_CACHE: join(tmpdir(), 'krona-test-cache'),
    },
    // A worker loads the sources once, not once a file, which is a quarter of the processor time. So a test leaves its
    // process as it found it: environment, console, working folder.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    setupFiles: ['test/setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Looked at again and again until it holds, however slow the machine is.
    expect: { poll: { timeout: 60_000 } },
    ...(report === undefined
      ? {}
      : { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});

/** @file A small share of the fuzzer's cases, always the same: every target, none with a fault. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseOf } from './cases.ts';
import { makeSamples } from './samples.ts';
import type { Samples } from './target.ts';
import { targetNames } from './targets/index.ts';
import { WatchedChild } from './watched-child.ts';

const casesEach = 5;

let folder: string;
let samples: Samples;
let child: WatchedChild;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-fuzz-'));
  samples = await makeSamples(join(folder, 'samples'));
  child = new WatchedChild(join(folder, 'child'), samples);
});

afterAll(async () => {
  await child[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Of these nothing is sound. */
const hostile = ['hostile-pickles'];

test.each(targetNames.filter((name) => !hostile.includes(name)))(
  '%s that are not damaged are taken',
  async (target) => {
    const report = await child.run({ ...caseOf(0, 0, [target]), sound: true });
    // 130: a training that was asked to stop at its first step.
    expect(report).toMatchObject({ code: expect.toBeOneOf([0, 130]) });
    expect(report.fault).toBeUndefined();
  },
);

test.each(targetNames)('damaged %s end in an answer, not in a raw error', async (target) => {
  for (let number = 0; number < casesEach; number += 1) {
    const report = await child.run(caseOf(0, number, [target]));
    const again = `npm run fuzz -- --seed 0 --only ${target} --case ${number}`;
    expect(report.fault, again).toBeUndefined();
  }
});

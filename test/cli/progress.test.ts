import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { pocketSubjects } from '../../src/data/pocket.ts';
import { quickPocket } from '../train/quick-pocket.ts';
import { krona } from './terminal.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-progress-'));
afterAll(() => rm(folder, { recursive: true }));

/** What stands in a log of the work, with a clock by which every line is due. */
async function logOf(...argv: readonly string[]): Promise<readonly string[]> {
  let milliseconds = 0;
  const now = () => {
    milliseconds += 10_000;
    return milliseconds;
  };
  const { code, err } = await krona(argv, { now });
  expect(code).toBe(0);
  return err.trimEnd().split('\n');
}

describe('progress in a log', () => {
  test('of generating says which picture and which step', async () => {
    const lines = await logOf(
      ...['generate', '--prompt', 'a teapot', '--count', '3', '--batch-size', '2'],
      ...['--steps', '2', '--out', join(folder, 'pictures')],
    );
    expect(lines.map((line) => line.replace(/ {2}.*/, ''))).toEqual([
      'pictures 1 to 2 of 3, step 1 of 2',
      'pictures 1 to 2 of 3, step 2 of 2',
      'picture 3 of 3, step 1 of 2',
      'picture 3 of 3, step 2 of 2',
    ]);
  });

  test('of training counts what it encodes and draws', async () => {
    const [subject] = await pocketSubjects();
    const lines = await logOf(
      ...[
        'train',
        '--images',
        subject?.folder ?? '',
        '--subject',
        'sks teapot',
        '--class',
        'teapot',
      ],
      ...['--base', await quickPocket(), '--prior-count', '2', '--steps', '1'],
      ...['--out', join(folder, 'run')],
    );
    const count = subject?.images.length ?? 0;
    const counted = (phase: string, noun: string, total: number) =>
      Array.from({ length: total }, (_, i) => `${phase}: ${noun} ${i + 1} of ${total}`);
    const [drawing, texts, pictures] = [
      'drawing pictures of the class',
      'encoding texts',
      'encoding pictures',
    ];
    expect(lines.slice(0, 3 + 2 + 2 + count + 2)).toEqual([
      `${drawing} ...`,
      ...counted(drawing, 'picture', 2),
      `${texts} ...`,
      ...counted(texts, 'text', 2),
      `${pictures} ...`,
      ...counted(pictures, 'picture', count + 2),
    ]);
    expect(lines.at(-1)).toMatch(/^step 1 of 1 {2}loss /);
  });
});

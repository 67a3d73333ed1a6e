import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFileAtomic, writeNewFile } from './atomic-file.ts';

let folder = '';
let smallDisk: string | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-atomic-'));
  const mount = join(folder, 'disk');
  mkdirSync(mount);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mount], { stdio: 'ignore' });
    smallDisk = mount;
  } catch {
    // Only an administrator of Linux may mount; the test of a full disk is skipped elsewhere.
  }
});
afterAll(() => {
  if (smallDisk !== undefined) execFileSync('umount', [smallDisk]);
  rmSync(folder, { recursive: true });
});

test('a new file of several writers at once is whole and of one, and the others are told', async () => {
  const own = join(folder, 'new');
  mkdirSync(own);
  const path = join(own, 'adapter.safetensors');
  const contents = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000));
  const written = await Promise.allSettled(contents.map((content) => writeNewFile(path, content)));
  const winners = contents.filter((_, i) => written[i]?.status === 'fulfilled');
  expect(winners).toEqual([readFileSync(path, 'utf8')]);
  await expect(writeNewFile(path, 'later')).rejects.toMatchObject({
    code: 'FILE_EXISTS',
    message: expect.stringContaining('it is there already'),
  });
  expect(readdirSync(own)).toEqual(['adapter.safetensors']);
});

describe('an atomic write', () => {
  test('replaces the file and leaves nothing beside it', async () => {
    const own = join(folder, 'own');
    mkdirSync(own);
    const path = join(own, 'run.json');
    await writeFileAtomic(path, 'first');
    await writeFileAtomic(path, new TextEncoder().encode('second'));
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(readdirSync(own)).toEqual(['run.json']);
  });

  test('of several at once leaves one of them whole', async () => {
    const path = join(folder, 'contested');
    const contents = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000));
    await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
    expect(contents).toContain(readFileSync(path, 'utf8'));
  });

  test('keeps the old file, and removes its own part, when the disk is full', async (context) => {
    if (smallDisk === undefined) return context.skip();
    const path = join(smallDisk, 'adapter.safetensors');
    await writeFileAtomic(path, 'old');
    await expect(writeFileAtomic(path, new Uint8Array(1e6))).rejects.toMatchObject({
      name: 'SystemError',
      code: 'DISK_FULL',
      message: expect.stringContaining('adapter.safetensors: there is no more space'),
    });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(smallDisk)).toEqual(['adapter.safetensors']);
  });

  test('into a missing folder or over a folder says so', async () => {
    await expect(writeFileAtomic(join(folder, 'no', 'x'), '')).rejects.toMatchObject({
      code: 'FOLDER_NOT_FOUND',
    });
    mkdirSync(join(folder, 'taken'));
    await expect(writeFileAtomic(join(folder, 'taken'), '')).rejects.toMatchObject({
      code: 'NOT_A_FILE',
    });
  });

  test('to a read-only disk says so', async (context) => {
    if (smallDisk === undefined) return context.skip();
    execFileSync('mount', ['-o', 'remount,ro', smallDisk]);
    await expect(writeFileAtomic(join(smallDisk, 'x'), '')).rejects.toMatchObject({
      code: 'NOT_WRITABLE',
    });
  });

  test.skipIf(process.getuid?.() === 0)('to a forbidden folder says so', async () => {
    const forbidden = join(folder, 'forbidden');
    mkdirSync(forbidden, { mode: 0o555 });
    await expect(writeFileAtomic(join(forbidden, 'x'), '')).rejects.toMatchObject({
      code: 'NOT_WRITABLE',
    });
  });

  test('takes names as long as the file system does', async () => {
    const path = join(folder, 'n'.repeat(255));
    await writeFileAtomic(path, 'long');
    expect(readFileSync(path, 'utf8')).toBe('long');
  });
});

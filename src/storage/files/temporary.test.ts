import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compiledPath } from '../../../test/programs/compiled.ts';
import { thisProcess } from '../process-identity.ts';
import { removeTemporaryFiles, writeFileAtomic } from './atomic-file.ts';
import { writeFolderAtomic } from './atomic-folder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-temporary-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A process that has begun to write a file and goes no further. */
async function writerOf(path: string) {
  const module = JSON.stringify(compiledPath('src/storage/files/atomic-file.ts'));
  const program = `
    import { replaceFile } from ${module};
    await replaceFile(${JSON.stringify(path)}, async (handle) => {
      await handle.write('half');
      process.stdout.write('half');
      setInterval(() => {}, 1000);
      await new Promise(() => {});
    });`;
  const argv = ['--input-type=module', '-e', program];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

const { machine, pid, start } = thisProcess();
const place = (name: string, age = 0) => {
  const path = join(folder, name);
  writeFileSync(path, '');
  const time = new Date(Date.now() - age);
  utimesSync(path, time, time);
};

const hour = 60 * 60 * 1000;

describe('a write', () => {
  test('sweeps up after a killed writer, and not after one that lives', async () => {
    const path = join(folder, 'model.safetensors');
    const writer = await writerOf(path);
    await writeFileAtomic(path, 'whole');
    expect(readdirSync(folder)).toHaveLength(2);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    await writeFileAtomic(path, 'whole');
    expect(readdirSync(folder)).toEqual(['model.safetensors']);
  });

  test('of a folder sweeps up half a folder', async () => {
    const half = join(folder, `.model.krona-${machine}-${2 ** 22 + 1}-5-1.tmp`);
    mkdirSync(join(half, 'unet'), { recursive: true });
    writeFileSync(join(half, 'unet', 'weights'), 'half');
    await writeFolderAtomic(join(folder, 'model'), new Map([['a', Uint8Array.of(1)]]));
    expect(readdirSync(folder)).toEqual(['model']);
  });

  test.runIf(existsSync('/proc/self/stat'))(
    'knows a process that only has the id of the writer',
    async () => {
      place(`.a.krona-${machine}-${pid}-${start + 1}-1.tmp`);
      place(`.a.krona-${machine}-${pid}-${start}-0.tmp`);
      await writeFileAtomic(join(folder, 'b'), '');
      expect(readdirSync(folder).sort()).toEqual([
        `.a.krona-${machine}-${pid}-${start}-0.tmp`,
        'b',
      ]);
    },
  );

  test('leaves what other machines may still write, for a day', async () => {
    const other = machine === '00000000' ? '11111111' : '00000000';
    place(`.a.krona-${other}-1-5-1.tmp`, 23 * hour);
    place(`.a.krona-${other}-1-5-2.tmp`, 25 * hour);
    await writeFileAtomic(join(folder, 'a'), '');
    expect(readdirSync(folder).sort()).toEqual([`.a.krona-${other}-1-5-1.tmp`, 'a']);
  });

  test('touches nothing but what this package names so', async () => {
    const names = ['.a.812-3.tmp', '.keep.tmp', 'notes.1-2.tmp', `a.krona-${machine}-9-9-9.tmp`];
    for (const name of names) place(name, 100 * hour);
    await writeFileAtomic(join(folder, 'a'), '');
    await removeTemporaryFiles(folder);
    expect(readdirSync(folder).sort()).toEqual([...names, 'a'].sort());
  });
});

test('a folder that nobody else writes to is cleared of all of them', async () => {
  place(`.a.krona-00000000-1-5-1.tmp`);
  mkdirSync(join(folder, `.b.krona-${machine}-${pid}-${start}-7.tmp`));
  place('run.json');
  await removeTemporaryFiles(folder);
  expect(readdirSync(folder)).toEqual(['run.json']);
});

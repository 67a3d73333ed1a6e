import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compiledPath } from '../../test/programs/compiled.ts';
import { askAddress, controlAddress, holdAddress, isHeld } from './control-address.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-address-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const echo = async (request: unknown) => ({ heard: request });

/** A process that tries to hold an address, says whether it does, and lives until it is killed. */
async function holderOf(address: string) {
  const module = JSON.stringify(compiledPath('src/platform/control-address.ts'));
  const program = `
    import { holdAddress } from ${module};
    const held = await holdAddress(${JSON.stringify(address)}, async () => process.pid);
    process.stdout.write(held === undefined ? 'refused' : 'held');
    setInterval(() => {}, 1000);`;
  const argv = ['--input-type=module', '-e', program];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = child.stdout === null ? [] : await once(child.stdout, 'data');
  const end = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { said: String(said), pid: child.pid, end };
}

/** The kind of this system, and sockets that are files, which all systems but Windows have. */
const kinds = [
  ['of this system', () => controlAddress(`a test in ${folder}`)],
  ['that is a file', () => join(folder, 'own.sock')],
] as const;

describe.each(kinds)('an address %s', (_, addressOf) => {
  test('is held by one, answers, and is free again', async () => {
    const address = addressOf();
    expect(await isHeld(address)).toBe(false);
    expect(await askAddress(address, 'hello')).toBeUndefined();
    const first = await holdAddress(address, echo);
    expect(first?.address).toBe(address);
    expect(await holdAddress(address, echo)).toBeUndefined();
    expect(await askAddress(address, { say: 'hello' })).toEqual({ heard: { say: 'hello' } });
    await first?.[Symbol.asyncDispose]();
    const second = await holdAddress(address, echo);
    expect(second).toBeDefined();
    await second?.[Symbol.asyncDispose]();
  });

  test('is held by another process until that is killed', async () => {
    const address = addressOf();
    const other = await holderOf(address);
    expect(other.said).toBe('held');
    expect(await holdAddress(address, echo)).toBeUndefined();
    expect(await askAddress(address, 'who')).toBe(other.pid);
    await other.end();
    expect(await isHeld(address)).toBe(false);
    const own = await holdAddress(address, echo);
    expect(own).toBeDefined();
    await own?.[Symbol.asyncDispose]();
  });

  test('answers with the error of a request, and outlives what is none', async () => {
    const address = addressOf();
    const held = await holdAddress(address, async () => {
      throw Object.assign(new Error('no such thing'), { code: 'NOTHING' });
    });
    const error = { code: 'NOTHING', message: 'no such thing' };
    expect(await askAddress(address, 1)).toEqual({ error });
    const socket = connect(address.startsWith('@') ? `\0${address.slice(1)}` : address);
    socket.end('not JSON\n');
    await once(socket, 'close');
    expect(await askAddress(address, 2)).toEqual({ error });
    await held?.[Symbol.asyncDispose]();
  });
});

test('of six that find an address left behind one holds it', async () => {
  const address = join(folder, 'stale.sock');
  const gone = await holderOf(address);
  await gone.end(); // leaves its file
  const held = await Promise.all(Array.from({ length: 6 }, () => holdAddress(address, echo)));
  expect(held.filter((each) => each !== undefined)).toHaveLength(1);
  for (const each of held) await each?.[Symbol.asyncDispose]();
});

test('a place where nobody can listen is said', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(holdAddress(join(folder, 'file', 'x.sock'), echo)).rejects.toMatchObject({
    code: 'CONTROL_ADDRESS',
  });
});

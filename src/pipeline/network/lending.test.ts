import { describe, expect, test } from 'vitest';
import { KeptNetworks, openedPerUse } from './lending.ts';

/** Records what is opened and closed. */
function shelf() {
  const log: string[] = [];
  const open = (name: string) => async () => {
    log.push(`open ${name}`);
    return {
      name,
      [Symbol.asyncDispose]: async () => {
        log.push(`close ${name}`);
      },
    };
  };
  return { log, open };
}

describe('networks', () => {
  test('that are opened for each use are closed after it, also where it fails', async () => {
    const { log, open } = shelf();
    const failing = openedPerUse.use(['a'], open('a'), async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(log).toEqual(['open a', 'close a']);
  });

  test('that are kept are opened once, until another takes their place', async () => {
    const { log, open } = shelf();
    await using networks = new KeptNetworks(2);
    const name = async (network: { readonly name: string }) => network.name;
    expect(await networks.use(['a', 1], open('a'), name)).toBe('a');
    expect(await networks.use(['b'], open('b'), name)).toBe('b');
    expect(await networks.use(['a', 1], open('another a'), name)).toBe('a');
    expect(await networks.use(['c'], open('c'), name)).toBe('c');
    expect(log).toEqual(['open a', 'open b', 'close b', 'open c']);
    await networks[Symbol.asyncDispose]();
    expect(log.slice(4)).toEqual(['close a', 'close c']);
  });

  test('are opened once for two who ask at the same time, and again where that failed', async () => {
    const { log, open } = shelf();
    await using networks = new KeptNetworks(1);
    const itself = async (network: object) => network;
    const failing = async () => {
      log.push('fail');
      throw new Error('no');
    };
    const ask = (how: () => Promise<AsyncDisposable>) => networks.use(['a'], how, itself);
    const refused = await Promise.allSettled([ask(failing), ask(open('unasked'))]);
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(networks.has(['a'])).toBe(false);
    const [one, other] = await Promise.all([ask(open('a')), ask(open('another a'))]);
    expect(one).toBe(other);
    expect(networks.has(['a'])).toBe(true);
    expect(log).toEqual(['fail', 'open a']);
  });

  test('are told apart by the identity of their adapters', async () => {
    const { log, open } = shelf();
    await using networks = new KeptNetworks(4);
    const [one, other] = [{}, {}];
    const nothing = async () => {};
    await networks.use(['unet', one], open('one'), nothing);
    await networks.use(['unet', other], open('other'), nothing);
    await networks.use(['unet', one], open('one again'), nothing);
    await networks.use(['unet', undefined], open('none'), nothing);
    expect(log).toEqual(['open one', 'open other', 'open none']);
  });

  test('are not closed while they work', async () => {
    const { log, open } = shelf();
    await using networks = new KeptNetworks(1);
    await networks.use(['outer'], open('outer'), async () => {
      await networks.use(['inner'], open('inner'), async () => {});
      expect(log).toEqual(['open outer', 'open inner']);
    });
    await networks.use(['third'], open('third'), async () => {});
    expect(log.slice(2).sort()).toEqual(['close inner', 'close outer', 'open third']);
  });
});

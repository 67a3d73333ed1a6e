import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownSweep, sweepOwner, tellSweep } from './sweep-owner.ts';

test('one process at a time carries out a sweep, and stops when another asks', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'krona-owner-'));
  const now = () => Date.now();
  try {
    const place = { folder: join(folder, 'results'), name: 'fig7' };
    await expect(tellSweep(place, { command: 'stop' })).rejects.toMatchObject({
      code: 'SWEEP_NOT_RUNNING',
    });
    {
      await using owned = await ownSweep(place, { now });
      await expect(ownSweep(place, { now })).rejects.toMatchObject({ code: 'SWEEP_IN_USE' });
      // Another sweep with results in the same folder is none of its business.
      await using other = await ownSweep({ ...place, name: 'fig8' }, { now });
      expect(await sweepOwner(place, now())).toMatchObject({ pid: process.pid });
      await tellSweep(place, { command: 'stop' });
      expect(owned.signal.reason).toMatchObject({ code: 'SWEEP_STOPPED' });
      expect(other.signal.aborted).toBe(false);
    }
    expect(await sweepOwner(place, now())).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

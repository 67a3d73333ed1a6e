/** @file Opens the Studio of the tab, or says what keeps it from that. */

import { noteRemoved } from '../page/backend/kept-note.ts';
import { takeWantedRemoval } from '../page/backend/wanted-removal.ts';
import { noteLost } from './lost-files.ts';
import { NotInstalled, ownServiceWorker, serveServiceWorker } from './own-service-worker.ts';
import { TabTransport } from './tab-transport.ts';

/** What keeps Studio from beginning. */
export type Obstacle = 'no-service' | 'not-installed' | 'no-storage' | 'not-removed' | 'failed';

/** Nothing can be done in this tab. */
export class NotOpened extends Error {
  override readonly name = 'NotOpened';
  readonly obstacle: Obstacle;

  /** @param said by the browser or by Studio, for who looks for the reason */
  constructor(obstacle: Obstacle, said: unknown) {
    super(said instanceof Error ? said.message : String(said));
    this.obstacle = obstacle;
  }
}

/** @throws NotOpened */
export async function openTab(): Promise<TabTransport> {
  const base = await ownServiceWorker().catch((error: unknown) => {
    throw new NotOpened(error instanceof NotInstalled ? 'not-installed' : 'no-service', error);
  });
  if (base === undefined) throw new NotOpened('no-service', 'there is no navigator.serviceWorker');
  await requireStorage();
  if (takeWantedRemoval() && !(await removed())) {
    throw new NotOpened('not-removed', 'files are open');
  }
  const worker = new Worker(new URL('./workers/studio-worker.ts', import.meta.url), {
    ...{ type: 'module', name: 'studio' },
  });
  const transport = new TabTransport(worker, { base });
  serveServiceWorker(transport);
  const found = await transport.opened();
  if ('code' in found) {
    worker.terminate();
    throw new NotOpened('failed', `${found.message} [${found.code}]`);
  }
  noteLost(found);
  return transport;
}

/** Private windows of some browsers have the methods, and refuse to carry them out. */
async function requireStorage(): Promise<void> {
  try {
    await navigator.storage.getDirectory();
  } catch (error) {
    throw new NotOpened('no-storage', error);
  }
}

async function removed(): Promise<boolean> {
  const worker = new Worker(new URL('./workers/removal-worker.ts', import.meta.url), {
    ...{ type: 'module', name: 'removal' },
  });
  const isRemoved = await new Promise<boolean>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<{ readonly isRemoved: boolean }>) =>
      resolve(data.isRemoved);
    worker.onerror = () => resolve(false);
  });
  worker.terminate();
  if (isRemoved) noteRemoved();
  return isRemoved;
}

/** @file Work in a tab lives no longer than the tab: while there is some, closing asks, the screen stays on, and what is made is to be kept. */
import { useEffect } from 'react';
import { usePlace } from '../backend/place.ts';
import { useLook } from '../backend/use-look.ts';
import { isRemovalWanted } from '../backend/wanted-removal.ts';
import { useWorks } from './use-works.ts';

/** Shows nothing. */
export function HeldTab(): null {
  const place = usePlace();
  const works = useWorks();
  const { data: jobs = [] } = useLook('jobs.list', {});
  const isAtWork = works.length > 0 || jobs.some(({ state }) => state === 'running');
  const holds = place === 'tab' && isAtWork;
  useEffect(() => (holds ? held() : undefined), [holds]);
  return null;
}

/** Holds the tab until what it returns is called. */
function held(): () => void {
  const released = new AbortController();
  const { signal } = released;
  const ask = (event: BeforeUnloadEvent) => {
    // Who removes everything has been asked.
    if (!isRemovalWanted()) event.preventDefault();
  };
  window.addEventListener('beforeunload', ask, { signal });
  document.addEventListener('visibilitychange', () => void keepOn(signal), { signal });
  void keepOn(signal);
  void askToKeep();
  return () => released.abort();
}

/** A machine that falls asleep stops computing; a tab that nobody sees may not ask, and asks when it is seen again. */
async function keepOn(signal: AbortSignal): Promise<void> {
  if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
  // Refused where the battery is low.
  const lock = await navigator.wakeLock.request('screen').catch(() => undefined);
  if (signal.aborted) return await lock?.release();
  signal.addEventListener('abort', () => void lock?.release(), { once: true });
}

/** With the first work, when there is something to lose: some browsers ask the person. */
async function askToKeep(): Promise<void> {
  if (!(await navigator.storage.persisted())) await navigator.storage.persist();
}

/** @file Work in a tab lives no longer than the tab: while there is some, closing asks, the screen stays on, and what is made is to be kept. */
import { useEffect } from 'react';
import { noteKept } from '../backend/kept-note.ts';
import { usePlace } from '../backend/place.ts';
import { useIsConnected } from '../backend/studio-provider.tsx';
import { useLook } from '../backend/use-look.ts';
import { isRemovalWanted } from '../backend/wanted-removal.ts';
import { useMessages } from '../parts/messages.tsx';
import { useWords } from '../words/use-words.tsx';
import { useWorks } from './use-works.ts';

/** That the browser was asked, and by whom it was answered, is nothing to ask about again. */
const asked = 'storage-asked';

/** Shows nothing. */
export function HeldTab(): null {
  const place = usePlace();
  const works = useWorks();
  const { t } = useWords();
  const { show } = useMessages();
  const { data: jobs = [] } = useLook('jobs.list', {});
  const isAtWork = works.length > 0 || jobs.some(({ state }) => state === 'running');
  // What it did has ended with its Studio.
  const isThere = useIsConnected();
  const holds = place === 'tab' && isAtWork && isThere;
  useEffect(() => (holds ? held() : undefined), [holds]);
  useEffect(() => {
    if (!holds) return;
    noteKept();
    void isKept().then((isKept) => isKept || show({ text: t('tab.not-kept') }));
  }, [holds, show, t]);
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

/**
 * Asks with the first work, when there is something to lose; some browsers ask the person, whose answer stands: Settings
 * can ask again.
 *
 * @returns whether what is made stays, or the person has been told before that it may not
 */
async function isKept(): Promise<boolean> {
  if (localStorage.getItem(asked) !== null || (await navigator.storage.persisted())) return true;
  localStorage.setItem(asked, 'true');
  return await navigator.storage.persist();
}

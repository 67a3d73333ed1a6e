/** @file The draft of the form, kept by the tab: it is there again after a reload, and after a look at another screen. */
import { useEffect, useState } from 'react';
import { type Draft, emptyDraft } from './draft.ts';

const kept = 'generate.draft';
/** Seeds that every sampler takes. */
const seeds = 2 ** 32;

export function randomSeed(): number {
  return Math.floor(Math.random() * seeds);
}

export type ChangeDraft = (change: Partial<Draft>) => void;

interface KeptDraft {
  readonly draft: Draft;
  readonly change: ChangeDraft;
  /** Whether the tab had none before. */
  readonly isNew: boolean;
}

export function useDrawingDraft(): KeptDraft {
  const [isNew] = useState(() => sessionStorage.getItem(kept) === null);
  const [draft, setDraft] = useState(readDraft);
  useEffect(() => {
    sessionStorage.setItem(kept, JSON.stringify(draft));
  }, [draft]);
  const change: ChangeDraft = (part) => setDraft((before) => ({ ...before, ...part }));
  return { draft, change, isNew };
}

/** What an earlier version of the page kept may lack something. */
function readDraft(): Draft {
  const empty = emptyDraft(randomSeed());
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(kept) ?? '{}');
    return typeof found === 'object' ? { ...empty, ...found } : empty;
  } catch {
    return empty;
  }
}

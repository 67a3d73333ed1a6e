/** @file What the address says: `?adapter=ID` draws with it, `?run=ID` with its own; at first the newest draws. */
import { useEffect, useRef } from 'react';
import { useSearchParams } from 'wouter';
import type { AdapterSummary } from '../../../../src/studio/interface/adapter-operations.ts';
import type { Draft } from './draft.ts';
import type { ChangeDraft } from './use-drawing-draft.ts';

interface Addressed {
  readonly draft: Draft;
  readonly change: ChangeDraft;
  /** The newest first. */
  readonly adapters: readonly AdapterSummary[];
  /** Whether nobody chose anything yet. */
  readonly isNew: boolean;
}

export function useAddressed({ draft, change, adapters, isNew }: Addressed) {
  const [search, setSearch] = useSearchParams();
  const run = search.get('run') ?? undefined;
  const asked = search.getAll('adapter').join(' ');
  const taken = useRef<string>(undefined);
  const used = draft.adapters.map(({ id }) => id).join(' ');
  useEffect(() => {
    if (adapters.length === 0) return;
    const address = `${run} ${asked}`;
    if (taken.current === address) {
      // The other way round: the address says what the form has.
      if (asked !== used) {
        taken.current = `${run} ${used}`;
        setSearch((before) => withAdapters(before, used), { replace: true });
      }
      return;
    }
    const isFirst = taken.current === undefined && isNew;
    taken.current = address;
    const wanted = wantedAdapters(adapters, { asked, run, isFirst });
    const isThere = wanted.every(({ id }) => used.split(' ').includes(id));
    if (wanted.length === 0 || isThere) return;
    const { subject } = wanted.find((each) => each.subject !== undefined) ?? {};
    const isEmpty = draft.prompts.every((prompt) => prompt.trim() === '');
    change({
      adapters: wanted.map(({ id }) => ({ id, strength: 1 })),
      ...(isEmpty && subject !== undefined ? { prompts: ['a {subject}'] } : {}),
    });
  });
  const setRun = (next: string | undefined) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (next === undefined) after.delete('run');
        else after.set('run', next);
        taken.current = `${next} ${asked}`;
        return after;
      },
      { replace: true },
    );
  return { run, setRun };
}

interface Asked {
  readonly asked: string;
  readonly run: string | undefined;
  readonly isFirst: boolean;
}

function wantedAdapters(
  adapters: readonly AdapterSummary[],
  { asked, run, isFirst }: Asked,
): readonly AdapterSummary[] {
  const sound = adapters.filter(({ problem }) => problem === undefined);
  if (asked !== '') return sound.filter(({ id }) => asked.split(' ').includes(id));
  if (run !== undefined) return sound.filter((each) => each.run === run);
  return isFirst ? sound.slice(0, 1) : [];
}

function withAdapters(before: URLSearchParams, ids: string): URLSearchParams {
  const after = new URLSearchParams(before);
  after.delete('adapter');
  for (const id of ids === '' ? [] : ids.split(' ')) after.append('adapter', id);
  return after;
}

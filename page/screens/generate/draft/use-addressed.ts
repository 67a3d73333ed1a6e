/** @file What the address says: `?adapter=ID` draws with it, `?run=ID` draws with its adapter and shows its pictures. */
import { useEffect, useRef } from 'react';
import { useSearchParams } from 'wouter';
import type { AdapterSummary } from '../../../../src/studio/interface/adapter-operations.ts';
import type { Draft } from './draft.ts';
import type { ChangeDraft } from './use-draft.ts';

interface Addressed {
  readonly draft: Draft;
  readonly change: ChangeDraft;
  readonly adapters: readonly AdapterSummary[];
}

export function useAddressed({ draft, change, adapters }: Addressed) {
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
    taken.current = address;
    const ofRun = asked === '' ? adapters.filter((each) => each.run === run && run) : [];
    const wanted =
      asked === '' ? ofRun : adapters.filter(({ id }) => asked.split(' ').includes(id));
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

function withAdapters(before: URLSearchParams, ids: string): URLSearchParams {
  const after = new URLSearchParams(before);
  after.delete('adapter');
  for (const id of ids === '' ? [] : ids.split(' ')) after.append('adapter', id);
  return after;
}

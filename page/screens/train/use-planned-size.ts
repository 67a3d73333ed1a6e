/** @file A size that was planned, taken over from the address into the draft: `?adapter=krona&a1=4&a2=64&base=…`. */
import { useEffect } from 'react';
import { useSearchParams } from 'wouter';
import { type Draft, withSetting } from './use-training-draft.ts';

const keys = ['adapter', 'a1', 'a2', 'base'] as const;

export function usePlannedSize(setDraft: (change: (draft: Draft) => Draft) => void): void {
  const [search, setSearch] = useSearchParams();
  const [adapter, a1, a2, base] = keys.map((key) => search.get(key));
  useEffect(() => {
    if (!adapter) return;
    const settings: readonly (readonly [string, unknown])[] = [
      // First: another method has other options.
      ['adapter', adapter],
      ...(a1 ? [['adapterOptions.a1', Number(a1)] as const] : []),
      ...(a2 ? [['adapterOptions.a2', Number(a2)] as const] : []),
      ...(base ? [['base', base] as const] : []),
    ];
    setDraft((before) =>
      settings.reduce((draft, [key, value]) => withSetting(draft, key, value), before),
    );
    setSearch(
      (before) => {
        for (const key of keys) before.delete(key);
        return before;
      },
      { replace: true },
    );
  }, [adapter, a1, a2, base, setDraft, setSearch]);
}

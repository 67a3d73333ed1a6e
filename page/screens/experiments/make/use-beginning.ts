/** @file What a new experiment begins with, as its address says: another experiment (`like`), or a run (`run`). */
import { useMemo } from 'react';
import { useLook } from '../../../backend/use-look.ts';
import { useWords } from '../../../words/use-words.tsx';
import { bundledStart, draftOfRun, type SweepDraft } from './sweep-draft.ts';

interface Beginning {
  readonly draft?: SweepDraft;
  readonly source?: string;
}

/** Undefined until it is known, and where the address says nothing. */
export function useBeginning(search: string): Beginning | undefined {
  const { t } = useWords();
  const query = new URLSearchParams(search);
  const [like, run] = [query.get('like'), query.get('run')];
  const { data: sweep } = useLook('sweeps.get', like === null ? undefined : { id: like });
  const { data: detail } = useLook('runs.get', run === null ? undefined : { id: run });
  const { data: datasets } = useLook('datasets.list', run === null ? undefined : {});
  const source = like === null ? undefined : sweep?.source;
  return useMemo(() => {
    if (source !== undefined) return { source };
    if (detail === undefined) return undefined;
    const folder =
      String(detail.settings.images ?? '')
        .split(/[/\\]/)
        .at(-1) ?? '';
    const found = datasets?.find(({ id }) => id === folder || id === `${bundledStart}${folder}`);
    const subjects = found === undefined ? [] : [{ dataset: found.id, className: found.className }];
    const title = t('experiments.of-run', { name: detail.name });
    return { draft: draftOfRun(title, detail.settings, subjects) };
  }, [source, detail, datasets, t]);
}

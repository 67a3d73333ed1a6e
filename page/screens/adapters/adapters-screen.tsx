/** @file Screen: adapters, one of them, and what can be made of them. */
import { useSearchParams } from 'wouter';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { ScreenProps } from '../registry.ts';
import { BudgetPlanner } from './budget/budget-planner.tsx';
import { ExtractAdapter } from './extract/extract-adapter.tsx';
import { AdapterList } from './list/adapter-list.tsx';
import { MergeAdapters } from './merge/merge-adapters.tsx';
import { AdapterPage } from './one/adapter-page.tsx';
import { isView, ViewLinks, type ViewName } from './view-links.tsx';

const views = {
  files: { View: AdapterList, lead: 'adapters.lead' },
  merge: { View: MergeAdapters, lead: 'adapters.merge-lead' },
  extract: { View: ExtractAdapter, lead: 'adapters.extract-lead' },
  size: { View: BudgetPlanner, lead: 'adapters.size-lead' },
} as const satisfies Record<ViewName, unknown>;

export function AdaptersScreen({ id }: ScreenProps) {
  const { t } = useWords();
  const [search] = useSearchParams();
  if (id !== undefined) return <AdapterPage id={id} />;
  const asked = search.get('show');
  const name = isView(asked) ? asked : 'files';
  const { View, lead } = views[name];
  return (
    <>
      <ScreenTitle title={t('adapters.title')} lead={t(lead)} />
      <ViewLinks shown={name} />
      <View />
    </>
  );
}

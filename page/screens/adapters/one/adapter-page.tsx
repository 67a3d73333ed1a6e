/** @file One adapter: what it is, a file of it for another program, and where it works. */
import { useLocation } from 'wouter';
import type { AdapterDetail } from '../../../../src/studio/interface/adapter-operations.ts';
import { useChange, useLook } from '../../../backend/use-look.ts';
import { LinkButton } from '../../../parts/controls/button.tsx';
import { Disclosure } from '../../../parts/controls/disclosure.tsx';
import { ErrorNotice, Notice } from '../../../parts/notice.tsx';
import { Progress } from '../../../parts/progress.tsx';
import { Removal } from '../../../parts/removal.tsx';
import { ScreenTitle } from '../../../parts/screen-title.tsx';
import { modelName } from '../../../parts/words/model-words.ts';
import { useWords } from '../../../words/use-words.tsx';
import { AdapterFacts } from './adapter-facts.tsx';
import styles from './adapter-page.module.css';
import { ConvertCards } from './convert-cards.tsx';
import { SiteMap } from './site-map.tsx';

export function AdapterPage({ id }: { id: string }) {
  const { t } = useWords();
  const { data: adapter, error } = useLook('adapters.inspect', { id });
  if (adapter?.id === id) return <ShownAdapter adapter={adapter} />;
  return (
    <>
      <ScreenTitle title={t('adapters.one')} />
      <ErrorNotice error={error} />
      {error === null && <Progress label={t('adapters.looking')} share={undefined} />}
      {error !== null && <LinkButton to="/adapters">{t('adapters.all')}</LinkButton>}
    </>
  );
}

function ShownAdapter({ adapter }: { adapter: AdapterDetail }) {
  const { t } = useWords();
  const { id, name, subject, method, base, run, found, warnings } = adapter;
  const lead = [subject, method, base && modelName(base)].filter(Boolean).join(' · ');
  return (
    <>
      <ScreenTitle title={name} lead={lead}>
        {run !== undefined && (
          <LinkButton to={`/runs/${encodeURIComponent(run)}`}>{t('adapters.its-run')}</LinkButton>
        )}
        {found !== undefined && (
          <LinkButton kind="main" to={`/generate?adapter=${encodeURIComponent(id)}`}>
            {t('run.draw')}
          </LinkButton>
        )}
      </ScreenTitle>
      <div className={styles.page}>
        {warnings.length > 0 && (
          <Notice>
            <ul>
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </Notice>
        )}
        <AdapterFacts adapter={adapter} />
        {adapter.targets.length > 0 && <ConvertCards adapter={adapter} />}
        {found !== undefined && <SiteMap blocks={found.blocks} />}
        {run === undefined && <RemoveAdapter id={id} />}
      </div>
    </>
  );
}

function RemoveAdapter({ id }: { id: string }) {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const remove = useChange('adapters.remove');
  return (
    <Disclosure title={t('adapters.remove')}>
      <Removal
        warning={t('adapters.remove-sure')}
        label={t('adapters.remove')}
        isBusy={remove.isPending}
        onRemove={() => remove.mutate({ id }, { onSuccess: () => navigate('/adapters') })}
      />
      <ErrorNotice error={remove.error} />
    </Disclosure>
  );
}

/** @file All adapters of the work folder, the latest first. */
import { Link } from 'wouter';
import type { AdapterSummary } from '../../../../src/studio/interface/adapter-operations.ts';
import { useFreshFiles } from '../../../backend/use-fresh-files.ts';
import { useLook } from '../../../backend/use-look.ts';
import { BringButton, useBringFiles } from '../../../parts/controls/bring-button.tsx';
import { LinkButton } from '../../../parts/controls/button.tsx';
import { EmptyState } from '../../../parts/empty-state.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { FileDrop } from '../../../parts/pictures/file-drop.tsx';
import { useNow } from '../../../parts/use-now.ts';
import { modelName } from '../../../parts/words/model-words.ts';
import { useWords } from '../../../words/use-words.tsx';
import styles from './adapter-list.module.css';

export function AdapterList() {
  const { t } = useWords();
  useFreshFiles('adapters.list');
  const { data: adapters, error } = useLook('adapters.list', {});
  const bringing = useBringFiles();
  return (
    <FileDrop className={styles.place} onFiles={(files) => void bringing.bring(files)}>
      <div className={styles.adding}>
        <BringButton bringing={bringing}>{t('adapters.add')}</BringButton>
      </div>
      <ErrorNotice error={error} />
      {adapters?.length === 0 && (
        <EmptyState text={t('adapters.none')}>
          <LinkButton to="/">{t('home.title')}</LinkButton>
        </EmptyState>
      )}
      <ul className={styles.list}>
        {adapters?.map((adapter) => (
          <li key={adapter.id}>
            <AdapterRow adapter={adapter} />
          </li>
        ))}
      </ul>
    </FileDrop>
  );
}

function AdapterRow({ adapter }: { adapter: AdapterSummary }) {
  const { t, formats } = useWords();
  const now = useNow(30_000);
  const { id, name, subject, method, base, parameters, bytes, changed, run, problem } = adapter;
  const source = run === undefined ? t('adapters.beside') : t('adapters.of-run');
  return (
    <Link to={`/adapters/${encodeURIComponent(id)}`} className={styles.row}>
      <span className={styles.words}>
        <span className={styles.name}>{name}</span>
        <span className={styles.fact}>{subject ?? t('adapters.no-subject')}</span>
      </span>
      {problem === undefined ? (
        <>
          <span className={styles.words}>
            <span>{method ?? t('adapters.other-tool')}</span>
            <span className={styles.fact}>
              {base === undefined ? t('adapters.base-unsaid') : modelName(base)}
            </span>
          </span>
          <span className={styles.words}>
            <span>{parameters !== undefined && t('adapters.parameters', { n: parameters })}</span>
            <span className={styles.fact}>{formats.bytes(bytes)}</span>
          </span>
        </>
      ) : (
        <span className={styles.problem}>
          <Icon name="warning" />
          <span>{t('adapters.unreadable')}</span>
        </span>
      )}
      <span className={styles.words}>
        <span>{source}</span>
        <span className={styles.fact}>{formats.ago(changed, now)}</span>
      </span>
    </Link>
  );
}

/** @file What the browser keeps for a page whose Studio works in the tab: how much, whether it stays, and its removal. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { browserStorage } from '../../backend/apply-event.ts';
import { removeEverything } from '../../backend/wanted-removal.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Disclosure } from '../../parts/controls/disclosure.tsx';
import { Removal } from '../../parts/removal.tsx';
import { useWords } from '../../words/use-words.tsx';
import styles from './stored-files.module.css';

const question = [browserStorage];

export function TabStorage() {
  const { t, formats } = useWords();
  const client = useQueryClient();
  const [isInVain, setInVain] = useState(false);
  const { data: storage } = useQuery({ queryKey: question, queryFn: kept, staleTime: 0 });
  const ask = async () => {
    setInVain(!(await navigator.storage.persist()));
    await client.invalidateQueries({ queryKey: question });
  };
  return (
    <section className={styles.stored}>
      <h2>{t('tab.storage')}</h2>
      {storage !== undefined && (
        <ul className={styles.kinds}>
          <li>
            <span className={styles.name}>
              {t('tab.used')}
              <small>{formats.bytes(storage.usage)}</small>
            </span>
          </li>
          <li>
            <span className={styles.name}>
              {t('tab.short')}
              <small>{t(storage.stays ? 'tab.short-stays' : 'tab.short-goes')}</small>
            </span>
            {!storage.stays && <Button onClick={() => void ask()}>{t('tab.ask')}</Button>}
          </li>
        </ul>
      )}
      <p role="status" className={styles.hint}>
        {isInVain && t('tab.asked-in-vain')}
      </p>
      <Disclosure title={t('tab.remove')}>
        <Removal
          warning={t('tab.remove-sure')}
          label={t('tab.remove')}
          isBusy={false}
          onRemove={removeEverything}
        />
      </Disclosure>
    </section>
  );
}

async function kept(): Promise<{ readonly usage: number; readonly stays: boolean }> {
  const { usage = 0 } = await navigator.storage.estimate();
  return { usage, stays: await navigator.storage.persisted() };
}

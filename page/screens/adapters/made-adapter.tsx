/** @file An adapter that has just been made, with what was lost by it and the way to it. */
import type { ReactNode } from 'react';
import type { MadeAdapter } from '../../../src/studio/interface/adapter-operations.ts';
import { LinkButton } from '../../parts/controls/button.tsx';
import { useWords } from '../../words/use-words.tsx';
import { lossWords } from './loss-words.ts';
import styles from './made-adapter.module.css';

/** @param children what there is to say where nothing was lost */
export function MadeAdapterNotice({
  made: { adapter, errors, notes },
  children,
}: {
  made: MadeAdapter;
  children?: ReactNode;
}) {
  const { t, formats } = useWords();
  const size = formats.bytes(adapter.bytes);
  return (
    <div className={styles.made}>
      <p>
        <strong>{t('adapters.made', { name: adapter.name, size })}</strong>
      </p>
      <p>{errors === undefined ? children : lossWords(t, formats, errors)}</p>
      {notes.map((note) => (
        <p key={note} className={styles.note}>
          {note}
        </p>
      ))}
      <LinkButton to={`/adapters/${encodeURIComponent(adapter.id)}`}>
        {t('adapters.open', { name: adapter.name })}
      </LinkButton>
    </div>
  );
}

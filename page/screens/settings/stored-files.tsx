/** @file What can be made again and takes room: how much, and a button to remove it. */
import type { StoredKind } from '../../../src/studio/interface/machine-operations.ts';
import { useChange, useLook } from '../../backend/use-look.ts';
import { Button } from '../../parts/controls/button.tsx';
import { useMessages } from '../../parts/messages.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { useWords } from '../../words/use-words.tsx';
import styles from './stored-files.module.css';

const kinds = ['comparisons', 'downloads'] as const satisfies readonly StoredKind[];

export function StoredFiles() {
  const { t, formats } = useWords();
  const { show } = useMessages();
  const { data: storage, error } = useLook('storage.get', {});
  const clear = useChange('storage.clear');
  const remove = async (kind: StoredKind) => {
    const bytes = storage?.[kind].bytes ?? 0;
    await clear.mutateAsync({ kind });
    show({ text: t('settings.freed', { size: formats.bytes(bytes) }) });
  };
  // What fails is shown by the mutation's own error.
  const shown = () => undefined;
  return (
    <section className={styles.stored}>
      <h2>{t('settings.stored')}</h2>
      <p className={styles.hint}>{t('settings.stored-hint')}</p>
      <ErrorNotice error={error ?? clear.error} />
      {storage !== undefined && (
        <ul className={styles.kinds}>
          {kinds.map((kind) => {
            const { count, bytes } = storage[kind];
            const isEmpty = count === 0;
            return (
              <li key={kind}>
                <span className={styles.name}>
                  {t(`settings.${kind}`)}
                  <small>
                    {isEmpty
                      ? t('settings.stored-none')
                      : t('settings.stored-size', { n: count, size: formats.bytes(bytes) })}
                  </small>
                </span>
                <Button
                  aria-label={t('settings.clear-kind', { kind: t(`settings.${kind}`) })}
                  aria-disabled={isEmpty}
                  isBusy={clear.isPending && clear.variables.kind === kind}
                  onClick={() => {
                    if (!isEmpty) remove(kind).catch(shown);
                  }}
                >
                  {t('settings.clear')}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

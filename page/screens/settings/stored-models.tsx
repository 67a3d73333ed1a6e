/** @file Models that were added, of which each takes gigabytes: a button to remove it. */
import { useChange, useLook } from '../../backend/use-look.ts';
import { Button } from '../../parts/controls/button.tsx';
import { useMessages } from '../../parts/messages.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { useWords } from '../../words/use-words.tsx';
import styles from './stored-files.module.css';

/** Nothing where there are none. */
export function StoredModels() {
  const { t, formats } = useWords();
  const { show } = useMessages();
  const { data: models = [] } = useLook('models.list', {});
  const remove = useChange('models.remove');
  const own = models.filter(({ isOwn }) => isOwn);
  if (own.length === 0) return null;
  return (
    <section className={styles.stored}>
      <h2>{t('settings.models')}</h2>
      <p className={styles.hint}>{t('settings.models-hint')}</p>
      <ErrorNotice error={remove.error} />
      <ul className={styles.kinds}>
        {own.map(({ id, name, bytes }) => (
          <li key={id}>
            <span className={styles.name}>
              {name}
              <small>{formats.bytes(bytes)}</small>
            </span>
            <Button
              aria-label={t('settings.clear-kind', { kind: name })}
              isBusy={remove.isPending && remove.variables.id === id}
              onClick={() =>
                remove.mutate(
                  { id },
                  {
                    onSuccess: () =>
                      show({ text: t('settings.freed', { size: formats.bytes(bytes) }) }),
                  },
                )
              }
            >
              {t('settings.clear')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

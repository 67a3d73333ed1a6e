/** @file What stands where the page will be, until Studio is open, and where it cannot be opened. */
import { PlaceContext } from '../page/backend/place.ts';
import { removeEverything } from '../page/backend/wanted-removal.ts';
import { Button } from '../page/parts/controls/button.tsx';
import { Progress } from '../page/parts/progress.tsx';
import { Removal } from '../page/parts/removal.tsx';
import { useWords, WordsProvider } from '../page/words/use-words.tsx';
import styles from './beginning.module.css';
import type { NotOpened } from './opened-tab.ts';

/** @param error what keeps it from beginning; undefined while nothing does */
export function Beginning({ error }: { readonly error?: NotOpened }) {
  return (
    <PlaceContext value="tab">
      <WordsProvider preferred="system">
        <main className={styles.place}>
          {error === undefined ? <Begins /> : <CannotBegin error={error} />}
        </main>
      </WordsProvider>
    </PlaceContext>
  );
}

function Begins() {
  const { t } = useWords();
  return (
    <div role="status" className={styles.begins}>
      <h1>{t('tab.beginning')}</h1>
      <Progress label={t('tab.beginning')} share={undefined} />
      <p>{t('tab.beginning-hint')}</p>
    </div>
  );
}

function CannotBegin({ error: { obstacle, message } }: { readonly error: NotOpened }) {
  const { t } = useWords();
  return (
    <div role="alert" className={styles.begins}>
      <h1>{t(`tab.${obstacle}`)}</h1>
      <p>{t(`tab.${obstacle}-why`)}</p>
      <p lang="en" className={styles.said}>
        {message}
      </p>
      <div>
        <Button kind="main" onClick={() => location.reload()}>
          {t('frame.reload')}
        </Button>
      </div>
      {obstacle === 'failed' && (
        <Removal
          warning={t('tab.remove-sure')}
          label={t('tab.remove')}
          isBusy={false}
          onRemove={removeEverything}
        />
      )}
    </div>
  );
}

/** @file What stands where the page has no valid cookie. */
import { useWords } from '../words/use-words.tsx';
import styles from './logged-out.module.css';

export function LoggedOut({ message }: { message: string }) {
  const { t } = useWords();
  return (
    <main className={styles.place}>
      <h1>{t('frame.logged-out')}</h1>
      <p>{t('frame.log-in')}</p>
      <p className={styles.message}>{message}</p>
    </main>
  );
}

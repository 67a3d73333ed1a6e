/** @file What stands where the page has no valid cookie: how to get one. */
import { type FormEvent, useState } from 'react';
import { logIn } from '../backend/log-in.ts';
import { Button } from '../parts/controls/button.tsx';
import { TextField } from '../parts/controls/field.tsx';
import { ErrorNotice } from '../parts/notice.tsx';
import { useWords } from '../words/use-words.tsx';
import styles from './logged-out.module.css';

export function LoggedOut() {
  const { t } = useWords();
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>();
  const enter = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await logIn({ password });
      window.location.reload();
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <main className={styles.place}>
      <h1>{t('frame.logged-out')}</h1>
      <p>{t('frame.log-in')}</p>
      <form className={styles.form} onSubmit={enter}>
        <TextField
          label={t('frame.password')}
          hint={t('frame.password-hint')}
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
        <Button type="submit">{t('frame.enter')}</Button>
      </form>
      <ErrorNotice error={error} />
    </main>
  );
}

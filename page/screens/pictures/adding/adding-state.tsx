/** @file How far the sending of pictures is, and which were refused. */
import { Button } from '../../../parts/controls/button.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { Progress } from '../../../parts/progress.tsx';
import { useSaying } from '../../../parts/words/failure-words.ts';
import { useWords } from '../../../words/use-words.tsx';
import styles from './adding-state.module.css';
import type { AddingPictures } from './use-add-pictures.ts';

export function AddingState({ progress, refused, forgetRefused }: AddingPictures) {
  const { t } = useWords();
  const saying = useSaying();
  return (
    <>
      {progress !== undefined && (
        <div className={styles.sending} role="status">
          <Progress label={t('pictures.add')} share={progress.done / progress.total} />
          <p>{t('pictures.sending', { done: progress.done + 1, total: progress.total })}</p>
        </div>
      )}
      {refused.length > 0 && (
        <div role="alert" className={styles.refused}>
          <Notice>
            <p>{t('pictures.refused', { n: refused.length })}</p>
            <ul className={styles.list}>
              {refused.map(({ name, reason }) => (
                <li key={name}>
                  <strong>{name}</strong>{' '}
                  {reason === undefined ? t('pictures.no-picture') : saying(reason)}
                </li>
              ))}
            </ul>
            <Button onClick={forgetRefused}>{t('pictures.understood')}</Button>
          </Notice>
        </div>
      )}
    </>
  );
}

/** @file What a finished run draws, without being asked. */
import type { RunDetail } from '../../../src/studio/interface/run-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { Picture } from '../../parts/pictures/picture.tsx';
import { Progress } from '../../parts/progress.tsx';
import { isUnderWay } from '../../parts/words/drawing-words.ts';
import { useWords } from '../../words/use-words.tsx';
import styles from './run-results.module.css';

const shown = 4;

export function RunResults({ run: { id, adapterId } }: { run: RunDetail }) {
  const { t } = useWords();
  const { data: gallery } = useLook('gallery.list', { run: id, count: shown });
  const { data: drawings = [] } = useLook('drawings.list', {});
  const drawing = drawings.find(
    (each) => isUnderWay(each) && each.request.adapters.some(({ id: used }) => used === adapterId),
  );
  const entries = gallery?.entries ?? [];
  if (entries.length === 0 && drawing === undefined) return null;
  const places = Math.max(entries.length, drawing?.total ?? 0);
  return (
    <section className={styles.results} aria-label={t('run.results')}>
      <h2>{t('run.results')}</h2>
      {drawing !== undefined && (
        <Progress
          label={t('run.drawing')}
          share={drawing.state === 'waiting' ? undefined : drawing.progress}
        />
      )}
      <ul className={styles.list}>
        {Array.from({ length: Math.min(places, shown) }, (_, n) => {
          const entry = entries[n];
          // biome-ignore lint/suspicious/noArrayIndexKey: a place, which a picture fills later
          if (entry === undefined) return <li key={n} className={styles.place} />;
          const { picture, prompt, seed } = entry;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a place, which a picture fills later
            <li key={n}>
              <figure>
                <Picture picture={picture} alt={t('run.result', { prompt, seed })} width={512} />
                <figcaption className={styles.prompt}>{prompt}</figcaption>
              </figure>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** @file How far the adapter is that is being made. */
import { useLook } from '../../backend/use-look.ts';
import { Progress } from '../../parts/progress.tsx';
import { useWords } from '../../words/use-words.tsx';
import styles from './making-adapter.module.css';

/** @param text what is done, where nothing closer is known yet */
export function MakingAdapter({ name, text }: { readonly name: string; readonly text: string }) {
  const { t, formats } = useWords();
  const { data } = useLook('adapters.making', {});
  // Another page may be making one, for which this one waits.
  const making = data?.name === name ? data : undefined;
  return (
    <div className={styles.making}>
      <Progress label={text} share={making?.share} />
      <p className={styles.hint}>
        {making === undefined
          ? text
          : t(`adapters.making.${making.phase}`, { share: formats.percent(making.share) })}
      </p>
    </div>
  );
}

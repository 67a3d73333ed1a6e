/** @file What decided a picture. */
import type {
  DrawnEntry,
  FoundSettings,
} from '../../../../src/studio/interface/drawing-operations.ts';
import { useNow } from '../../../parts/use-now.ts';
import { modelName } from '../../../parts/words/model-words.ts';
import { useWords } from '../../../words/use-words.tsx';
import styles from './picture-facts.module.css';

interface PictureFactsProps {
  readonly entry: DrawnEntry;
  readonly found: FoundSettings | undefined;
}

export function PictureFacts({ entry, found }: PictureFactsProps) {
  const { t, formats } = useWords();
  const now = useNow(60_000);
  const { prompt, seed, base, adapters, width, height, changed } = entry;
  const used = adapters.map(({ name, strength }) =>
    t('generate.used', { name, strength: formats.short(strength) }),
  );
  const facts = [
    [t('generate.seed'), String(seed)],
    ...(used.length === 0 ? [] : [[t('generate.adapters'), formats.list(used)]]),
    [t('generate.base'), modelName(base)],
    [t('generate.size'), `${width} × ${height}`],
    [t('generate.when'), formats.ago(changed, now)],
  ];
  const settings = Object.entries(found?.request?.settings ?? {});
  return (
    <div className={styles.facts}>
      <p className={styles.prompt}>{prompt}</p>
      <dl className={styles.list}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {found?.notes.map((note) => (
        <p key={note} className={styles.note}>
          {note}
        </p>
      ))}
      <details>
        <summary>{t('generate.all')}</summary>
        <dl className={styles.list}>
          {settings.map(([key, value]) => (
            <div key={key}>
              <dt>
                <code>{key}</code>
              </dt>
              <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}

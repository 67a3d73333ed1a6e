/** @file An adapter for other programs: a card for each format. */
import type { AdapterDetail } from '../../../../src/studio/interface/adapter-operations.ts';
import { useWords } from '../../../words/use-words.tsx';
import { ConvertCard } from './convert-card.tsx';
import styles from './convert-cards.module.css';

export function ConvertCards({ adapter }: { adapter: AdapterDetail }) {
  const { t } = useWords();
  return (
    <section className={styles.section} aria-label={t('adapters.convert')}>
      <h2>{t('adapters.convert')}</h2>
      <p className={styles.lead}>{t('adapters.convert-lead')}</p>
      <ul className={styles.cards}>
        {adapter.targets.map((target) => (
          <li key={target.name} className={styles.card}>
            <ConvertCard adapter={adapter} target={target} />
          </li>
        ))}
      </ul>
    </section>
  );
}

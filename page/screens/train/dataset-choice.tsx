/** @file Which pictures to learn from. */
import { Link } from 'wouter';
import type { DatasetSummary } from '../../../src/studio/interface/dataset-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { SelectField } from '../../parts/controls/field.tsx';
import { Picture } from '../../parts/pictures/picture.tsx';
import { useWords } from '../../words/use-words.tsx';
import styles from './dataset-choice.module.css';

interface DatasetChoiceProps {
  readonly chosen: string | undefined;
  readonly error: string | undefined;
  readonly onChange: (dataset: DatasetSummary | undefined) => void;
}

export function DatasetChoice({ chosen, error, onChange }: DatasetChoiceProps) {
  const { t } = useWords();
  const { data: datasets = [] } = useLook('datasets.list', {});
  const found = datasets.find(({ id }) => id === chosen);
  return (
    <div className={styles.choice}>
      <SelectField
        label={t('train.pictures')}
        hint={t('train.pictures-hint')}
        error={error}
        value={chosen ?? ''}
        onChange={({ target }) => onChange(datasets.find(({ id }) => id === target.value))}
      >
        <option value="">{t('train.choose-pictures')}</option>
        {chosen !== undefined && found === undefined && <option value={chosen}>{chosen}</option>}
        {datasets.map(({ id, name, count }) => (
          <option key={id} value={id}>
            {t('train.dataset', { name, n: count })}
          </option>
        ))}
      </SelectField>
      <div className={styles.look}>
        {found?.thumbnails.map((picture) => (
          <Picture key={picture} picture={picture} alt="" width={96} className={styles.thumbnail} />
        ))}
        <Link
          className={styles.link}
          to={found === undefined ? '/datasets' : `/datasets/${encodeURIComponent(found.id)}`}
        >
          {found === undefined ? t('train.add-pictures') : t('train.open-pictures')}
        </Link>
      </div>
    </div>
  );
}

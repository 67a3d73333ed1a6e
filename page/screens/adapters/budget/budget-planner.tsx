/** @file How large an adapter gets: parameters over a1 and a2, what stays within a size, and from there to training. */
import { useState } from 'react';
import { useLook } from '../../../backend/use-look.ts';
import { SelectField } from '../../../parts/controls/field.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { Progress } from '../../../parts/progress.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './budget-planner.module.css';
import { SizeLimit } from './size-limit.tsx';
import { SizeTable } from './size-table.tsx';

export function BudgetPlanner() {
  const { t } = useWords();
  const { data: bases = [] } = useLook('bases.list', {});
  const [base, setBase] = useState('pocket');
  const { data: grid, error, isPlaceholderData } = useLook('adapters.grid', { base, settings: {} });
  const [limit, setLimit] = useState(Number.POSITIVE_INFINITY);
  const shown = isPlaceholderData ? undefined : grid;
  return (
    <div className={styles.planner}>
      <div className={styles.controls}>
        <SelectField
          label={t('adapters.for-base')}
          value={base}
          onChange={({ target }) => {
            setBase(target.value);
            setLimit(Number.POSITIVE_INFINITY);
          }}
        >
          {bases.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </SelectField>
        {shown !== undefined && (
          <SizeLimit entries={shown.entries} limit={limit} onChange={setLimit} />
        )}
      </div>
      <ErrorNotice error={error} />
      {shown === undefined && error === null && (
        <Progress label={t('adapters.counting')} share={undefined} />
      )}
      {shown !== undefined && <SizeTable grid={shown} base={base} limit={limit} />}
    </div>
  );
}

/** @file What a set is called and shows; saved when one leaves the field. */
import { useState } from 'react';
import type { Dataset } from '../../../src/studio/interface/dataset-operations.ts';
import { useChange } from '../../backend/use-look.ts';
import { TextField } from '../../parts/controls/field.tsx';
import { failureOf, useSaying } from '../../parts/words/failure-words.ts';
import { useWords } from '../../words/use-words.tsx';
import { BundledNotice } from './bundled-notice.tsx';
import styles from './dataset-words.module.css';

export function DatasetWords({ dataset }: { dataset: Dataset }) {
  const { t } = useWords();
  const saying = useSaying();
  const { id, name, className = '', isBundled } = dataset;
  const change = useChange('datasets.change');
  const [typedName, setName] = useState<string>();
  const [typedClass, setClass] = useState<string>();
  if (isBundled) return <BundledNotice dataset={dataset} />;
  const saveName = () => {
    if (typedName === undefined || typedName.trim() === '') return setName(undefined);
    if (typedName !== name) change.mutate({ id, name: typedName });
  };
  const saveClass = () => {
    if (typedClass !== undefined && typedClass !== className) {
      change.mutate({ id, className: typedClass });
    }
  };
  return (
    <section className={styles.words}>
      <TextField
        label={t('pictures.class')}
        hint={t('pictures.class-hint')}
        value={typedClass ?? className}
        maxLength={60}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => setClass(target.value)}
        onBlur={saveClass}
      />
      <TextField
        label={t('pictures.name')}
        error={change.error === null ? undefined : saying(failureOf(change.error))}
        value={typedName ?? name}
        maxLength={120}
        autoComplete="off"
        onChange={({ target }) => setName(target.value)}
        onBlur={saveName}
      />
    </section>
  );
}

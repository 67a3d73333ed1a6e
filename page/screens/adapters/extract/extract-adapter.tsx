/** @file What a tuned model learned, as an adapter: of which models, how large, under which name. */
import { useState } from 'react';
import type { ExtractedAdapter } from '../../../../src/studio/interface/adapter-operations.ts';
import { useFreshFiles } from '../../../backend/use-fresh-files.ts';
import { useChange, useLook } from '../../../backend/use-look.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { Choice } from '../../../parts/controls/choice.tsx';
import { TextField } from '../../../parts/controls/field.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { MadeAdapterNotice } from '../made-adapter.tsx';
import { MakingAdapter } from '../making-adapter.tsx';
import styles from './extract-adapter.module.css';
import { ModelField } from './model-field.tsx';

type Method = 'krona' | 'lora';

export function ExtractAdapter() {
  const { t } = useWords();
  useFreshFiles('models.list');
  const { data: models = [], error } = useLook('models.list', {});
  const { data: bases = [] } = useLook('bases.list', {});
  const [tuned, setTuned] = useState('');
  const [base, setBase] = useState('');
  const [method, setMethod] = useState<Method>('krona');
  const [megabytes, setMegabytes] = useState('2');
  const [name, setName] = useState('');
  const extract = useChange('adapters.extract');
  const found = models.map((model) => ({
    value: model.id,
    label: `${model.name} (${model.place})`,
  }));
  const known = bases
    .filter(({ isFound }) => !isFound)
    .map((one) => ({ value: one.name, label: one.title }));
  const isReady = tuned !== '' && base !== '' && name.trim() !== '' && Number(megabytes) > 0;
  const budget = `${Number(megabytes)}MB`;
  const begin = () =>
    extract.mutate({
      ...{ base, tuned, name },
      settings: { form: method === 'krona' ? { as: 'krona', budget } : { as: 'lora', budget } },
    });
  return (
    <div className={styles.form}>
      <ErrorNotice error={error} />
      <ModelField label={t('adapters.tuned')} models={found} value={tuned} onChange={setTuned} />
      <ModelField
        label={t('adapters.tuned-from')}
        models={[...known, ...found]}
        value={base}
        onChange={setBase}
      />
      <p className={styles.hint}>{t('adapters.models-where')}</p>
      <div className={styles.method}>
        <span aria-hidden="true">{t('adapters.fact.method')}</span>
        <Choice
          label={t('adapters.fact.method')}
          value={method}
          options={[
            { value: 'krona', label: 'KronA' },
            { value: 'lora', label: 'LoRA' },
          ]}
          onChange={setMethod}
        />
      </div>
      <TextField
        type="number"
        label={t('adapters.at-most')}
        hint={t('adapters.at-most-hint')}
        title="budget"
        min={0.01}
        step="any"
        value={megabytes}
        onChange={({ target }) => setMegabytes(target.value)}
      />
      <TextField
        label={t('adapters.new-name')}
        hint={t('adapters.new-name-hint')}
        value={name}
        maxLength={80}
        onChange={({ target }) => setName(target.value)}
      />
      <div>
        <Button kind="main" disabled={!isReady} isBusy={extract.isPending} onClick={begin}>
          {t('adapters.extract')}
        </Button>
      </div>
      {extract.isPending && (
        <MakingAdapter name={extract.variables.name} text={t('adapters.extracting')} />
      )}
      <ErrorNotice error={extract.error} />
      <div role="status">{extract.data !== undefined && <Extracted made={extract.data} />}</div>
    </div>
  );
}

function Extracted({ made }: { made: ExtractedAdapter }) {
  const { t, formats } = useWords();
  return (
    <>
      <MadeAdapterNotice made={made} />
      {made.outside > 0 && (
        <p className={styles.hint}>
          {t('adapters.outside', { share: formats.short(100 * made.outside) })}
        </p>
      )}
    </>
  );
}

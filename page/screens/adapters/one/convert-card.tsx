/** @file An adapter in one format: in which form, what comes of it, and the file. */
import { useState } from 'react';
import type {
  AdapterDetail,
  ConvertSettings,
  ConvertTarget,
  MadeFile,
} from '../../../../src/studio/interface/adapter-operations.ts';
import { useStudio } from '../../../backend/studio-provider.tsx';
import { useChange } from '../../../backend/use-look.ts';
import { Button, DownloadButton } from '../../../parts/controls/button.tsx';
import { CheckField, SelectField } from '../../../parts/controls/field.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { type PlainWordKey, useWords } from '../../../words/use-words.tsx';
import { lossWords } from '../loss-words.ts';
import styles from './convert-cards.module.css';
import { type FormChoice, formChoices, formOf, ownSizes } from './form-choices.ts';
import { SizeFields } from './size-fields.tsx';

/** Of formats that have words of the page. */
const titles: Readonly<Record<string, PlainWordKey | undefined>> = {
  krona: 'adapters.target.krona',
  kohya: 'adapters.target.kohya',
  diffusers: 'adapters.target.diffusers',
  peft: 'adapters.target.peft',
  official: 'adapters.target.official',
  'textual-inversion': 'adapters.target.word',
};

const forms = {
  'as it is': 'adapters.form.same',
  'exact lora': 'adapters.form.exact-lora',
  lora: 'adapters.form.lora',
  krona: 'adapters.form.krona',
  diff: 'adapters.form.diff',
} as const;

interface CardProps {
  readonly adapter: AdapterDetail;
  readonly target: ConvertTarget;
}

export function ConvertCard({ adapter, target }: CardProps) {
  const { t, formats } = useWords();
  const choices = formChoices(adapter, target);
  const [chosen, choose] = useState<FormChoice | undefined>(choices[0]);
  const [sizes, setSizes] = useState(() => ownSizes(adapter));
  const [isHalf, setHalf] = useState(false);
  const convert = useChange('adapters.convert');
  const { name, tools, title } = target;
  const words = titles[name];
  const change = (set: () => void) => {
    convert.reset();
    set();
  };
  const make = () => {
    const form = chosen && formOf(chosen, sizes);
    const settings: ConvertSettings = {
      to: name,
      ...(form === undefined ? {} : { form }),
      ...(isHalf ? { dtype: 'f16' } : {}),
    };
    convert.mutate({ id: adapter.id, settings });
  };
  return (
    <>
      <h3 title={name}>{formats.list(tools)}</h3>
      <p className={styles.words}>{words === undefined ? title : t(words)}</p>
      {choices.length > 1 && (
        <SelectField
          label={t('adapters.form')}
          value={chosen}
          onChange={({ target: { value } }) => change(() => choose(value as FormChoice))}
        >
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {t(forms[choice])}
            </option>
          ))}
        </SelectField>
      )}
      {chosen !== undefined && (
        <SizeFields
          choice={chosen}
          sizes={sizes}
          onChange={(next) => change(() => setSizes(next))}
        />
      )}
      {name !== 'krona' && (
        <CheckField
          label={t('adapters.half')}
          title="dtype: f16"
          checked={isHalf}
          onChange={({ target: { checked } }) => change(() => setHalf(checked))}
        />
      )}
      <div>
        <Button isBusy={convert.isPending} onClick={make}>
          {convert.isPending ? t('adapters.making') : t('adapters.make')}
        </Button>
      </div>
      <ErrorNotice error={convert.error} />
      <div className={styles.made} role="status">
        {convert.data !== undefined && <Made made={convert.data} />}
      </div>
    </>
  );
}

function Made({ made: { download, name, bytes, errors, loads, notes } }: { made: MadeFile }) {
  const { t, formats } = useWords();
  const studio = useStudio();
  return (
    <>
      <p>{lossWords(t, formats, errors)}</p>
      {loads.length > 0 && (
        <p className={styles.words}>{t('adapters.loads', { programs: formats.list(loads) })}</p>
      )}
      {notes.map((note) => (
        <p key={note} className={styles.words}>
          {note}
        </p>
      ))}
      <p className={styles.words}>{name}</p>
      <DownloadButton kind="main" address={studio.downloadAddress(download)}>
        {t('adapters.download', { size: formats.bytes(bytes) })}
      </DownloadButton>
    </>
  );
}

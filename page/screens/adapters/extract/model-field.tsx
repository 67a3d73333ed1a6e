/** @file A model: one that Studio lists, or one of the hub by its name. The page names no files. */
import { useState } from 'react';
import { SelectField, TextField } from '../../../parts/controls/field.tsx';
import { useWords } from '../../../words/use-words.tsx';

interface ModelFieldProps {
  readonly label: string;
  readonly models: readonly { readonly value: string; readonly label: string }[];
  /** Empty where nothing was chosen. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** What no model is called. */
const onHub = ':hub';

export function ModelField({ label, models, value, onChange }: ModelFieldProps) {
  const { t } = useWords();
  const [isOnHub, setOnHub] = useState(false);
  const choose = (chosen: string) => {
    setOnHub(chosen === onHub);
    onChange(chosen === onHub ? '' : chosen);
  };
  return (
    <>
      <SelectField
        label={label}
        value={isOnHub ? onHub : value}
        onChange={({ target }) => choose(target.value)}
      >
        <option value="">{t('adapters.choose')}</option>
        {models.map((model) => (
          <option key={model.value} value={model.value}>
            {model.label}
          </option>
        ))}
        <option value={onHub}>{t('adapters.hub')}</option>
      </SelectField>
      {isOnHub && (
        <TextField
          label={t('adapters.hub-name')}
          hint={t('adapters.hub-hint')}
          value={value}
          placeholder="owner/name"
          onChange={({ target }) => onChange(target.value.trim())}
        />
      )}
    </>
  );
}

/** @file Settings that take several values, each with its values as chips; every combination is tried. */
import { type KeyboardEvent, useState } from 'react';
import type { Form, FormField } from '../../../../src/studio/interface/form-operations.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { SelectField } from '../../../parts/controls/field.tsx';
import { type PlainWordKey, useWords } from '../../../words/use-words.tsx';
import styles from './chips.module.css';
import { type SweepDraft, typedValue, type Value, type Varied } from './sweep-draft.ts';

interface VariedSettingsProps {
  readonly draft: SweepDraft;
  readonly form: Form | undefined;
  readonly onChange: (varied: readonly Varied[]) => void;
}

interface Variable {
  readonly path: string;
  readonly description: string;
}

/** Settings that are the machine's, or stand beside. */
const notVaried = [
  ...['device', 'memory', 'checkpointEvery', 'keepCheckpoints', 'sampleEvery', 'samplePrompt'],
  ...['tensorboard', 'wandb', 'seed', 'subject', 'class', 'base', 'adapter', 'adapterOptions'],
];

export function VariedSettings({ draft, form, onChange }: VariedSettingsProps) {
  const { t } = useWords();
  const name = useSettingName();
  const { varied, methods } = draft;
  const variables = variablesOf(form, methods);
  const free = variables.filter(({ path }) => !varied.some((one) => one.path === path));
  return (
    <fieldset className={styles.group}>
      <legend>{t('experiments.varied')}</legend>
      {varied.map((one) => (
        <VariedSetting
          key={one.path}
          varied={one}
          description={variables.find(({ path }) => path === one.path)?.description}
          onChange={(values) =>
            onChange(varied.map((each) => (each.path === one.path ? { ...each, values } : each)))
          }
          onRemove={() => onChange(varied.filter(({ path }) => path !== one.path))}
        />
      ))}
      <SelectField
        label={t('experiments.vary-another')}
        value=""
        onChange={({ target }) => {
          if (target.value !== '') onChange([...varied, { path: target.value, values: [] }]);
        }}
      >
        <option value="">{t('experiments.vary-choose')}</option>
        {free.map(({ path, description }) => (
          <option key={path} value={path} title={description}>
            {name(path)}
          </option>
        ))}
      </SelectField>
    </fieldset>
  );
}

interface VariedSettingProps {
  readonly varied: Varied;
  readonly description: string | undefined;
  readonly onChange: (values: readonly Value[]) => void;
  readonly onRemove: () => void;
}

function VariedSetting({
  varied: { path, values },
  description,
  onChange,
  onRemove,
}: VariedSettingProps) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const name = useSettingName()(path);
  const add = () => {
    const value = typedValue(typed);
    if (value !== undefined && !values.includes(value)) onChange([...values, value]);
    setTyped('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      add();
    } else if (event.key === 'Backspace' && typed === '') onChange(values.slice(0, -1));
  };
  return (
    <div className={styles.setting}>
      <div className={styles.head}>
        <span title={path}>{name}</span>
        <Button
          kind="quiet"
          icon="close"
          aria-label={t('experiments.vary-not', { name })}
          onClick={onRemove}
        />
      </div>
      {description !== undefined && description !== '' && (
        <p className={styles.hint} title={description}>
          {description}
        </p>
      )}
      <div className={styles.chips}>
        {values.map((value) => (
          <Button
            key={String(value)}
            icon="close"
            aria-label={t('experiments.value-not', { value: String(value) })}
            onClick={() => onChange(values.filter((each) => each !== value))}
          >
            {String(value)}
          </Button>
        ))}
        <input
          className={styles.value}
          aria-label={t('experiments.value-add', { name })}
          placeholder={t('experiments.value')}
          value={typed}
          enterKeyHint="done"
          onBlur={add}
          onKeyDown={onKeyDown}
          onChange={({ target }) => setTyped(target.value)}
        />
      </div>
    </div>
  );
}

/** Settings of training, options of a single method, and of drawing what matters most. */
function variablesOf(form: Form | undefined, methods: readonly string[]): readonly Variable[] {
  const [method = ''] = methods;
  const options = methods.length === 1 ? (form?.methods[method] ?? []) : [];
  const variable =
    (part: string) =>
    ({ key, description }: FormField) => ({
      ...{ path: `${part}.${key}`, description },
    });
  const others = ['shots', 'draw.guidance', 'draw.steps'];
  return [
    ...options.filter(isPlain).map(variable('adapter')),
    ...(form?.fields ?? [])
      .filter((field) => isPlain(field) && !notVaried.includes(field.key))
      .map(variable('train')),
    ...others.map((path) => ({ path, description: '' })),
  ];
}

/** Whether the values of a setting are single ones. */
function isPlain({ schema }: FormField): boolean {
  const { type } = schema;
  return type !== 'object' && type !== 'array';
}

const known: Readonly<Record<string, PlainWordKey>> = {
  shots: 'experiments.setting.shots',
  'draw.guidance': 'experiments.setting.guidance',
  'draw.steps': 'experiments.setting.draw-steps',
  'train.steps': 'experiments.steps',
  'train.learningRate': 'experiments.setting.rate',
  'train.batchSize': 'experiments.setting.batch',
};

/** Words for settings that many know; others by their own names. */
function useSettingName(): (path: string) => string {
  const { t } = useWords();
  return (path) => {
    const key = known[path];
    return key === undefined ? path.split('.').slice(1).join('.') : t(key);
  };
}

/** @file A form made of fields: by heading, for a level of interest, with a search over everything. */
import type {
  FormField,
  Problem,
  ResolvedValue,
} from '../../../src/studio/interface/form-operations.ts';
import type { Settings } from '../../../src/studio/interface/operation-shapes.ts';
import { type PlainWordKey, useWords } from '../../words/use-words.tsx';
import { Choice } from '../controls/choice.tsx';
import { TextField } from '../controls/field.tsx';
import type { Option } from './setting-control.tsx';
import { SettingField } from './setting-field.tsx';
import { settingWords } from './setting-words.ts';
import styles from './settings-form.module.css';

export type Level = FormField['level'];

interface SettingsFormProps {
  readonly fields: readonly FormField[];
  /** Undefined values are not given. Keys such as `adapterOptions.a1` are options of the method. */
  readonly given: Settings;
  readonly values: Readonly<Record<string, ResolvedValue>>;
  readonly problems: readonly Problem[];
  readonly options: Readonly<Record<string, readonly Option[]>>;
  readonly shown: ShownFields;
  readonly onShow: (shown: ShownFields) => void;
  readonly onChange: (key: string, value: unknown) => void;
}

export interface ShownFields {
  readonly level: Level;
  /** Of whatever level. */
  readonly search: string;
}

const levels: readonly Level[] = ['simple', 'more', 'all'];

export function SettingsForm({ shown, onShow, ...rest }: SettingsFormProps) {
  const { t } = useWords();
  const { fields } = rest;
  const visible = useVisible(fields, shown);
  const isSearching = shown.search.trim() !== '';
  // A handful needs no headings.
  const isFew = shown.level === 'simple' && !isSearching;
  const groups = isFew ? [undefined] : [...new Set(visible.map(({ group }) => group))];
  return (
    <div className={styles.form}>
      <div className={styles.head}>
        <Choice
          label={t('parts.level')}
          value={shown.level}
          options={levels.map((value) => ({ value, label: t(levelWords[value]) }))}
          onChange={(level) => onShow({ level, search: '' })}
        />
        <div className={styles.search}>
          <TextField
            type="search"
            label={t('parts.search-settings')}
            value={shown.search}
            onChange={({ target }) => onShow({ ...shown, search: target.value })}
          />
        </div>
      </div>
      {isSearching && <p className={styles.found}>{t('parts.found', { n: visible.length })}</p>}
      {groups.map((group) => (
        <Group
          key={group ?? ''}
          title={group}
          {...rest}
          fields={visible.filter((field) => isFew || field.group === group)}
        />
      ))}
    </div>
  );
}

function useVisible(fields: readonly FormField[], { level, search }: ShownFields) {
  const { t } = useWords();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return fields.filter((field) => levels.indexOf(field.level) <= levels.indexOf(level));
  }
  return fields.filter((field) => {
    const { label, hint } = settingWords(t, field);
    const text =
      `${field.key} ${field.flag ?? ''} ${label} ${hint} ${field.description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function Group({
  title,
  fields,
  given,
  values,
  problems,
  options,
  onChange,
}: Omit<SettingsFormProps, 'shown' | 'onShow'> & { readonly title: string | undefined }) {
  const { t } = useWords();
  return (
    <section className={styles.group}>
      {title !== undefined && (
        <h2>{title in groupWords ? t(groupWords[title as keyof typeof groupWords]) : title}</h2>
      )}
      <div className={styles.fields}>
        {fields.map((field) => (
          <SettingField
            key={field.key}
            field={field}
            given={given[field.key]}
            resolved={values[field.key]}
            problem={problems.find(({ key }) => key === field.key)}
            options={options[field.key]}
            onChange={(value) => onChange(field.key, value)}
          />
        ))}
      </div>
    </section>
  );
}

const levelWords: Readonly<Record<Level, PlainWordKey>> = {
  simple: 'parts.level.simple',
  more: 'parts.level.more',
  all: 'parts.level.all',
};

const groupWords = {
  subject: 'parts.group.subject',
  prompt: 'parts.group.prompt',
  adapters: 'parts.group.adapters',
  model: 'parts.group.model',
  method: 'parts.group.method',
  pictures: 'parts.group.pictures',
  picture: 'parts.group.picture',
  training: 'parts.group.training',
  optimizer: 'parts.group.optimizer',
  loss: 'parts.group.loss',
  sampling: 'parts.group.sampling',
  previews: 'parts.group.previews',
  machine: 'parts.group.machine',
} as const satisfies Readonly<Record<string, PlainWordKey>>;

/** @file A setting: its words, its control, where its value came from, what is wrong with it. */
import type {
  FormField,
  Problem,
  ResolvedValue,
} from '../../../src/studio/interface/form-operations.ts';
import { type PlainWordKey, useWords } from '../../words/use-words.tsx';
import { classNames } from '../class-names.ts';
import { Button } from '../controls/button.tsx';
import { Field } from '../controls/field.tsx';
import { useSaying } from '../words/failure-words.ts';
import { type Option, SettingControl } from './setting-control.tsx';
import styles from './setting-field.module.css';
import { nameOf, useSettingWords } from './setting-words.ts';

interface SettingFieldProps {
  readonly field: FormField;
  /** What the person gave; undefined where nothing. */
  readonly given: unknown;
  /** What it comes to, as far as that is known. */
  readonly resolved: ResolvedValue | undefined;
  readonly problem: Problem | undefined;
  readonly options?: readonly Option[] | undefined;
  /** Undefined takes back what was given. */
  readonly onChange: (value: unknown) => void;
}

export function SettingField({
  field,
  given,
  resolved,
  problem,
  options,
  onChange,
}: SettingFieldProps) {
  const { t } = useWords();
  const { label, hint } = useSettingWords(field);
  const saying = useSaying();
  const isGiven = given !== undefined;
  const source = resolved === undefined || isGiven ? 'given' : resolved.source;
  return (
    <div className={classNames(styles.setting, isGiven && styles.changed)} data-setting={field.key}>
      <Field
        label={label}
        title={[nameOf(field.key), field.flag].filter(Boolean).join(' · ')}
        error={problem && saying(problem)}
        hint={
          <>
            {hint}
            {field.level !== 'simple' && <code className={styles.name}>{nameOf(field.key)}</code>}
          </>
        }
        aside={
          <span className={styles.source}>
            {isGiven ? (
              <Button
                kind="quiet"
                className={styles.reset}
                aria-label={t('parts.reset', { name: label })}
                onClick={() => onChange(undefined)}
              >
                {t('parts.changed')}
              </Button>
            ) : (
              resolved !== undefined && t(sources[source])
            )}
          </span>
        }
      >
        {(attributes) => (
          <SettingControl
            field={field}
            value={isGiven ? given : resolved?.value}
            onChange={onChange}
            options={options}
            attributes={attributes}
          />
        )}
      </Field>
    </div>
  );
}

const sources: Readonly<Record<ResolvedValue['source'], PlainWordKey>> = {
  given: 'parts.source.given',
  'base model': 'parts.source.base',
  method: 'parts.source.method',
  optimizer: 'parts.source.optimizer',
  default: 'parts.source.default',
};

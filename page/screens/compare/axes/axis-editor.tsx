/** @file One axis: what it is, and its values. */
import type { Axis } from '../../../../src/studio/interface/comparison-operations.ts';
import type { FormField } from '../../../../src/studio/interface/form-operations.ts';
import { SelectField } from '../../../parts/controls/field.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { isComparable, type Known, usualValues } from '../request/usual-comparison.ts';
import styles from './axis-editor.module.css';
import { axisKind, knownAxes, otherAxes } from './axis-kinds.ts';
import { CheckList } from './check-list.tsx';
import { LineValues } from './line-values.tsx';
import { NumberValues } from './number-values.tsx';
import { useAxisWords } from './use-axis-words.ts';

interface AxisEditorProps {
  readonly label: string;
  /** Undefined where there is none, which only the last may be. */
  readonly axis: Axis | undefined;
  readonly isOptional?: boolean;
  /** Names that the other axes have. */
  readonly taken: readonly string[];
  readonly known: Known;
  readonly fields: readonly FormField[];
  readonly onChange: (axis: Axis | undefined) => void;
}

export function AxisEditor(props: AxisEditorProps) {
  const { label, axis, isOptional = false, taken, known, fields, onChange } = props;
  const { t } = useWords();
  const { nameOf } = useAxisWords();
  const canBe = (name: string) => !taken.includes(name);
  const names = Object.keys(knownAxes).filter(canBe);
  const choose = (name: string) =>
    onChange(name === '' ? undefined : { name, values: usualValues(name, known) });
  return (
    <div className={styles.axis}>
      <SelectField
        label={label}
        value={axis?.name ?? ''}
        onChange={({ target }) => choose(target.value)}
      >
        {isOptional && <option value="">{t('compare.no-axis')}</option>}
        {names.map((name) => (
          <option key={name} value={name}>
            {nameOf(name)}
          </option>
        ))}
        <optgroup label={t('compare.more-axes')}>
          {otherAxes(fields)
            .filter(({ key }) => canBe(key))
            .map(({ key, description }) => (
              <option key={key} value={key} title={description}>
                {nameOf(key)}
              </option>
            ))}
        </optgroup>
      </SelectField>
      {axis !== undefined && <Values key={axis.name} {...props} axis={axis} />}
    </div>
  );
}

function Values({ axis, known, fields, onChange }: AxisEditorProps & { readonly axis: Axis }) {
  const { t } = useWords();
  const { textOf, nameOf } = useAxisWords();
  const { name, values } = axis;
  const kind = axisKind(name, fields);
  const change = (next: Axis['values']) => onChange({ name, values: next });
  const label = t('compare.values', { name: nameOf(name) });
  const checks = (options: Axis['values']) => (
    <CheckList
      label={label}
      values={values}
      onChange={change}
      options={options.map((value) => ({ value, label: textOf(name, value) }))}
    />
  );
  switch (kind.kind) {
    case 'runs':
      return checks(known.runs.filter(isComparable).map(({ id }) => id));
    case 'steps':
      return (
        <>
          {known.steps.length > 0 && checks(known.steps)}
          <p className={styles.hint}>
            {known.steps.length > 0 ? t('compare.steps-kept') : t('compare.needs-run')}
          </p>
        </>
      );
    case 'choices':
      return checks(kind.choices);
    case 'numbers':
      return (
        <NumberValues label={label} isInteger={kind.isInteger} values={values} onChange={change} />
      );
    default:
      return <LineValues label={label} hint={lineHint()} values={values} onChange={change} />;
  }

  function lineHint(): string {
    const description = fields.find(({ key }) => key === name)?.description ?? '';
    if (name === 'prompt') return t('compare.prompt-hint', { place: '{subject}' });
    return name === 'negative' ? t('compare.line-hint') : description;
  }
}

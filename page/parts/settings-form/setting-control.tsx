/** @file The control of a setting, by the type that its schema gives it. */
import { type ComponentProps, useEffect, useState } from 'react';
import type { FormField } from '../../../src/studio/interface/form-operations.ts';
import { useWords } from '../../words/use-words.tsx';
import inputs from '../controls/field.module.css';
import styles from './setting-control.module.css';
import { kindOf, type SettingKind } from './setting-kind.ts';

export interface SettingControlProps {
  readonly field: FormField;
  /** Undefined or null where there is none. */
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** Choices in place of those of the schema. */
  readonly options?: readonly Option[] | undefined;
  /** Joins it to its label. */
  readonly attributes: Pick<ComponentProps<'input'>, 'id' | 'aria-describedby' | 'aria-invalid'>;
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

export function SettingControl(props: SettingControlProps) {
  const kind =
    props.options === undefined ? kindOf(props.field.schema) : { type: 'choice' as const };
  switch (kind.type) {
    case 'switch':
      return <Switch {...props} />;
    case 'choice':
      return <Choices {...props} options={props.options ?? optionsOf(kind)} />;
    case 'number':
      return <NumberInput {...props} kind={kind} />;
    case 'list':
      return <ListInput {...props} isOfNumbers={kind.isOfNumbers} />;
    case 'pairs':
      return <PairsInput {...props} />;
    case 'text':
      return (
        <input
          type="text"
          {...props.attributes}
          className={inputs.input}
          placeholder={kind.placeholder}
          value={textOf(props.value)}
          onChange={({ target }) => props.onChange(target.value === '' ? undefined : target.value)}
        />
      );
    default:
      return kind satisfies never;
  }
}

function optionsOf(kind: SettingKind): readonly Option[] {
  return kind.type === 'choice'
    ? (kind.values ?? []).map((value) => ({ value, label: value }))
    : [];
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : String(value);
}

function Switch({ value, onChange, attributes }: SettingControlProps) {
  return (
    <span className={styles.switch}>
      <input
        type="checkbox"
        {...attributes}
        checked={value === true}
        onChange={({ target }) => onChange(target.checked)}
      />
    </span>
  );
}

function Choices({ value, onChange, attributes, options = [] }: SettingControlProps) {
  const chosen = textOf(value);
  const isKnown = options.some((option) => option.value === chosen);
  return (
    <select
      {...attributes}
      className={inputs.input}
      value={chosen}
      onChange={({ target }) => onChange(target.value)}
    >
      {!isKnown && <option value={chosen}>{chosen}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

type NumberKind = Extract<SettingKind, { readonly type: 'number' }>;

/** What is typed stays as it is typed; what is no number is sent as it is, so that the answer says what is expected. */
function NumberInput({
  value,
  onChange,
  attributes,
  kind,
}: SettingControlProps & { readonly kind: NumberKind }) {
  const { t } = useWords();
  const [text, setText] = useState(textOf(value));
  useEffect(() => {
    setText((typed) => (parsed(typed) === (value ?? undefined) ? typed : textOf(value)));
  }, [value]);
  const type = (typed: string) => {
    setText(typed);
    onChange(parsed(typed));
  };
  const step = (by: number) => {
    const next = Number(text) + by * kind.step;
    const held = Math.min(Math.max(next, kind.least), kind.most);
    if (Number.isFinite(held)) type(String(Number(held.toPrecision(12))));
  };
  return (
    <span className={styles.number}>
      <input
        type="text"
        inputMode={kind.isWhole ? 'numeric' : 'decimal'}
        {...attributes}
        className={inputs.input}
        placeholder={t('parts.none')}
        value={text}
        onChange={({ target }) => type(target.value)}
        onKeyDown={(event) => {
          const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
          if (by === undefined || !kind.isWhole) return;
          event.preventDefault();
          step(by);
        }}
      />
      {kind.isWhole && (
        // The arrow keys do the same.
        <span className={styles.steps} aria-hidden="true">
          <button type="button" tabIndex={-1} onClick={() => step(-1)}>
            −
          </button>
          <button type="button" tabIndex={-1} onClick={() => step(1)}>
            +
          </button>
        </span>
      )}
    </span>
  );
}

function parsed(typed: string): unknown {
  const plain = typed.trim().replace(',', '.');
  if (plain === '') return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : typed;
}

interface ListInputProps extends SettingControlProps {
  /** What is none is sent as it is, so that the answer says what is expected. */
  readonly isOfNumbers?: boolean;
}

/** One a line. */
function ListInput({ value, onChange, attributes, isOfNumbers = false }: ListInputProps) {
  const lines = Array.isArray(value) ? value.map(String) : [];
  const [text, setText] = useState(lines.join('\n'));
  const known = lines.join('\n');
  useEffect(() => {
    setText((typed) => (linesOf(typed).join('\n') === known ? typed : known));
  }, [known]);
  return (
    <textarea
      {...attributes}
      rows={Math.max(2, Math.min(6, text.split('\n').length))}
      className={inputs.input}
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        const typed = linesOf(target.value);
        const values = isOfNumbers ? typed.map(parsed) : typed;
        onChange(typed.length === 0 ? undefined : values);
      }}
    />
  );
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** `to_q = 4, 64`, one a line, or `to_q = 0.001` where each has one value. */
function PairsInput({ value, onChange, ...rest }: SettingControlProps) {
  const isOne = innerType(rest.field.schema) !== 'array';
  const pairs = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const lines = pairs.map(([name, inner]) => `${name} = ${[inner].flat().join(', ')}`);
  return (
    <ListInput
      {...rest}
      value={lines}
      onChange={(typed) => onChange(Array.isArray(typed) ? pairsOf(typed, isOne) : undefined)}
    />
  );
}

function innerType({ additionalProperties }: FormField['schema']): unknown {
  return Object(additionalProperties).type;
}

/** What is no pair is sent as one without values, which the answer refuses. */
function pairsOf(lines: readonly string[], isOne: boolean): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', values = ''] = line.split('=');
      const list = linesOf(values.replaceAll(',', '\n')).map((text) => parsed(text));
      return [name.trim(), isOne && list.length === 1 ? list[0] : list];
    }),
  );
}

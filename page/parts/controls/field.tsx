/** @file A labelled control, with a hint below it and what is wrong with its value. */
import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from '../class-names.ts';
import styles from './field.module.css';

interface FieldProps {
  readonly label: ReactNode;
  /** Tooltip of the label. */
  readonly title?: string | undefined;
  /** Stands at the end of the label's line. */
  readonly aside?: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
}

interface Described {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
}

/** @param children makes the control from the attributes that join it to its label */
export function Field({
  label,
  title,
  aside,
  hint,
  error,
  children,
}: FieldProps & { readonly children: (attributes: Described) => ReactNode }) {
  const id = useId();
  const isDescribed = hint !== undefined || error !== undefined;
  const attributes: Described = {
    id,
    'aria-describedby': isDescribed ? `${id}-hint` : undefined,
    'aria-invalid': error === undefined ? undefined : true,
  };
  return (
    <div className={styles.field}>
      <div className={styles.head}>
        <label htmlFor={id} className={styles.label} title={title}>
          {label}
        </label>
        {aside}
      </div>
      {children(attributes)}
      {isDescribed && (
        <p id={`${id}-hint`} className={classNames(styles.hint, error !== undefined && styles.bad)}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

type Without<Tag extends 'input' | 'select' | 'textarea'> = Omit<ComponentProps<Tag>, 'id'>;

export function TextField({ label, hint, error, ...rest }: FieldProps & Without<'input'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => <input type="text" {...rest} {...attributes} className={styles.input} />}
    </Field>
  );
}

export function TextArea({ label, hint, error, ...rest }: FieldProps & Without<'textarea'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => <textarea rows={3} {...rest} {...attributes} className={styles.input} />}
    </Field>
  );
}

export function SelectField({ label, hint, error, ...rest }: FieldProps & Without<'select'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => <select {...rest} {...attributes} className={styles.input} />}
    </Field>
  );
}

/** A box to tick, its words beside it. */
export function CheckField({ label, ...rest }: Pick<FieldProps, 'label'> & Without<'input'>) {
  return (
    <label className={styles.check}>
      <input type="checkbox" {...rest} />
      <span>{label}</span>
    </label>
  );
}

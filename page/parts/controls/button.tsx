/** @file Buttons, and links that look like them. */
import type { ComponentProps, ReactNode } from 'react';
import { Link } from 'wouter';
import { classNames } from '../class-names.ts';
import { Icon, type IconName } from '../icon.tsx';
import styles from './button.module.css';

/** `main`: the one thing to do here; `quiet`: without a frame, beside others. */
export type ButtonKind = 'main' | 'plain' | 'quiet' | 'danger';

interface Look {
  readonly kind?: ButtonKind;
  readonly icon?: IconName;
  readonly children?: ReactNode;
}

interface ButtonProps extends Look, Omit<ComponentProps<'button'>, 'children'> {
  /** What it does is being done; a further press does nothing. */
  readonly isBusy?: boolean;
}

/** An icon alone needs `aria-label`, which is its tooltip too. */
export function Button({ kind = 'plain', icon, isBusy = false, children, ...rest }: ButtonProps) {
  const { onClick, className, ...attributes } = rest;
  return (
    <button
      type="button"
      title={rest['aria-label']}
      {...attributes}
      aria-busy={isBusy}
      className={classNames(classOf(kind, children), className)}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** @param to an address of the page */
export function LinkButton({ kind = 'plain', icon, to, children }: Look & { readonly to: string }) {
  return (
    <Link to={to} className={classOf(kind, children)}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </Link>
  );
}

/** @param address of a file that is kept, and not shown */
export function DownloadButton({
  kind = 'plain',
  icon = 'download',
  address,
  children,
}: Look & { readonly address: string }) {
  return (
    <a href={address} download className={classOf(kind, children)}>
      <Icon name={icon} />
      {children}
    </a>
  );
}

function classOf(kind: ButtonKind, children: ReactNode): string {
  return classNames(styles.button, styles[kind], children === undefined && styles.alone);
}

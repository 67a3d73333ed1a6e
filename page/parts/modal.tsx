/** @file A window above the page: the browser's own dialog, which keeps the focus and closes by Escape. */
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useWords } from '../words/use-words.tsx';
import { classNames } from './class-names.ts';
import { Button } from './controls/button.tsx';
import styles from './modal.module.css';

interface ModalProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Room for a picture with words beside it. */
  readonly isWide?: boolean;
  /** Of keys pressed anywhere inside. */
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: ReactNode;
}

export function Modal({ title, isOpen, onClose, isWide = false, onKeyDown, children }: ModalProps) {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      className={classNames(styles.modal, isWide && styles.wide)}
      aria-label={title}
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      {isOpen && (
        <>
          <header className={styles.head}>
            <h2>{title}</h2>
            <Button kind="quiet" icon="close" aria-label={t('parts.close')} onClick={onClose} />
          </header>
          <div className={styles.body}>{children}</div>
        </>
      )}
    </dialog>
  );
}

/** @file A button that lets one choose files. */
import { type ReactNode, useRef } from 'react';
import type { IconName } from '../icon.tsx';
import { Button, type ButtonKind } from './button.tsx';

interface FileButtonProps {
  readonly kind?: ButtonKind;
  readonly icon?: IconName;
  readonly isBusy?: boolean;
  /** Types as browsers call them, and endings. */
  readonly accept: readonly string[];
  /** Whether one alone can be chosen. */
  readonly isSingle?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ReactNode;
}

export function FileButton({
  kind = 'plain',
  icon = 'add',
  isBusy = false,
  accept,
  isSingle = false,
  onFiles,
  children,
}: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button kind={kind} icon={icon} isBusy={isBusy} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        multiple={!isSingle}
        hidden
        accept={accept.join(',')}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}

/** @file A button that lets one choose pictures. */
import { type ReactNode, useRef } from 'react';
import { pictureTypes } from '../pictures/picture-files.ts';
import { Button, type ButtonKind } from './button.tsx';

interface FileButtonProps {
  readonly kind?: ButtonKind;
  readonly isBusy?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ReactNode;
}

export function FileButton({ kind = 'plain', isBusy = false, onFiles, children }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button kind={kind} icon="add" isBusy={isBusy} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={[...pictureTypes, '.txt', '.caption'].join(',')}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}

/** @file A place where files can be dropped; pasted, wherever the focus is, while it is shown. */
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { classNames } from '../class-names.ts';
import styles from './file-drop.module.css';

interface FileDropProps {
  readonly onFiles: (files: readonly File[]) => void;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** Keyboards need a file chooser inside. */
export function FileDrop({ onFiles, className, children }: FileDropProps) {
  const [isOver, setOver] = useState(false);
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    const onPaste = ({ clipboardData, target }: ClipboardEvent) => {
      const files = [...(clipboardData?.files ?? [])];
      // Words that some programs copy as a picture, too.
      const isTyped = target instanceof Element && target.matches('input, textarea');
      const isText = isTyped && clipboardData?.types.includes('text/plain');
      if (files.length > 0 && !isText) take.current(files);
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, []);
  const onDrop = (event: DragEvent) => {
    setOver(false);
    const files = [...event.dataTransfer.files];
    // Words may be dropped into a field.
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keyboards have the file chooser inside
    <div
      className={classNames(styles.place, isOver && styles.over, className)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={onDrop}
    >
      {children}
    </div>
  );
}

/** @file Adapters and models of the person's own: sent to Studio, which looks into them and keeps them as what they are. */
import { type ReactNode, useState } from 'react';
import type { BroughtFile } from '../../../src/studio/interface/machine-operations.ts';
import { useStudio } from '../../backend/studio-provider.tsx';
import { useWords } from '../../words/use-words.tsx';
import { useMessages } from '../messages.tsx';
import { ErrorNotice } from '../notice.tsx';
import type { ButtonKind } from './button.tsx';
import { FileButton } from './file-button.tsx';

const ending = '.safetensors';

/** Whether it may be an adapter or a model; pictures are not. */
export function isTensorFile({ name }: File): boolean {
  return name.toLowerCase().endsWith(ending);
}

export interface BringingFiles {
  /** One after the other. */
  readonly bring: (files: readonly File[]) => Promise<void>;
  readonly isBusy: boolean;
  /** Of the first that was refused; those behind it were not sent. */
  readonly error: unknown;
}

/** @param onBrought hears of each that is kept, after the person was told what it is */
export function useBringFiles(onBrought?: (file: BroughtFile) => void): BringingFiles {
  const studio = useStudio();
  const { t } = useWords();
  const { show } = useMessages();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const bring = async (files: readonly File[]) => {
    setBusy(true);
    setError(undefined);
    try {
      for (const file of files) {
        const brought = await studio.bring(file);
        show({ text: t(`parts.brought.${brought.kind}`, { name: brought.name }) });
        onBrought?.(brought);
      }
    } catch (thrown) {
      setError(thrown);
    }
    setBusy(false);
  };
  return { bring, isBusy, error };
}

interface BringButtonProps {
  readonly bringing: BringingFiles;
  readonly kind?: ButtonKind;
  /** What is expected, on the button. */
  readonly children: ReactNode;
}

export function BringButton({ bringing, kind = 'plain', children }: BringButtonProps) {
  const { bring, isBusy, error } = bringing;
  return (
    <>
      <FileButton
        kind={kind}
        accept={[ending]}
        isBusy={isBusy}
        onFiles={(files) => void bring(files)}
      >
        {children}
      </FileButton>
      <ErrorNotice error={error} />
    </>
  );
}

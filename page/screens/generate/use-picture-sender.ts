/** @file Pictures that are dropped or chosen: sent to Studio, which looks for settings in them. */
import { useState } from 'react';
import type { FoundSettings } from '../../../src/studio/interface/drawing-operations.ts';
import { useStudio } from '../../backend/studio-provider.tsx';

interface SentPicture {
  readonly picture: string;
  readonly found: FoundSettings;
}

interface PictureSender {
  /** Undefined where it did not arrive, which `error` says. */
  readonly send: (file: File) => Promise<SentPicture | undefined>;
  readonly isBusy: boolean;
  readonly error: unknown;
}

export function usePictureSender(): PictureSender {
  const studio = useStudio();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const send = async (file: File) => {
    setBusy(true);
    setError(undefined);
    try {
      const picture = await studio.upload(file, file.name);
      return { picture, found: await studio.ask('gallery.settings', { picture }) };
    } catch (thrown) {
      setError(thrown);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { send, isBusy, error };
}

/** @file Sends pictures into a new data set, one after the other. */
import { useRef, useState } from 'react';
import { useStudio } from '../../backend/studio-provider.tsx';

interface SentPictures {
  /** The id of the data set; undefined where a picture did not arrive, which `error` says. */
  readonly send: (className: string, files: readonly File[]) => Promise<string | undefined>;
  /** How many have arrived; undefined while none is under way. */
  readonly sent: number | undefined;
  readonly error: Error | undefined;
}

/** A second attempt goes on with the same set, and sends only what has not arrived. */
export function useSendPictures(): SentPictures {
  const studio = useStudio();
  const [sent, setSent] = useState<number>();
  const [error, setError] = useState<Error>();
  const begun = useRef<{ readonly className: string; id: string; arrived: Set<File> }>(undefined);
  const send = async (className: string, files: readonly File[]) => {
    setError(undefined);
    setSent(0);
    try {
      if (begun.current?.className !== className) {
        const { id } = await studio.ask('datasets.create', { name: className, className });
        begun.current = { className, id, arrived: new Set() };
      }
      const { id, arrived } = begun.current;
      for (const [n, file] of files.entries()) {
        if (!arrived.has(file)) await studio.addPicture(id, file);
        arrived.add(file);
        setSent(n + 1);
      }
      return id;
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown : new Error(String(thrown)));
      return undefined;
    } finally {
      setSent(undefined);
    }
  };
  return { send, sent, error };
}

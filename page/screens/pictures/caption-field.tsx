/** @file The text of a picture: saved when one leaves it, or pauses; what could not be saved stays in the field. */
import { useEffect, useRef, useState } from 'react';
import type { DatasetPicture } from '../../../src/studio/interface/dataset-operations.ts';
import type { Failure } from '../../../src/studio/interface/operation-shapes.ts';
import { useStudio } from '../../backend/studio-provider.tsx';
import { failureOf, useSaying } from '../../parts/words/failure-words.ts';
import { useWords } from '../../words/use-words.tsx';
import styles from './caption-field.module.css';

/** Milliseconds without a key after which it is saved. */
const pause = 1000;

interface CaptionFieldProps {
  readonly dataset: string;
  readonly picture: DatasetPicture;
}

export function CaptionField({ dataset, picture: { name, caption = '' } }: CaptionFieldProps) {
  const { t } = useWords();
  const saying = useSaying();
  const { typed, type, save, error } = useTyped(dataset, name, caption);
  const text = typed ?? caption;
  return (
    <div className={styles.field}>
      <textarea
        className={styles.text}
        rows={2}
        value={text}
        maxLength={10_000}
        placeholder={t('pictures.caption-none')}
        aria-label={t('pictures.caption', { name })}
        aria-invalid={error === undefined ? undefined : true}
        onChange={({ target }) => type(target.value)}
        onBlur={() => save()}
        onKeyDown={(event) => {
          // A caption is one line.
          if (event.key !== 'Enter') return;
          event.preventDefault();
          event.currentTarget.blur();
        }}
      />
      {error !== undefined && (
        <p role="alert" className={styles.error}>
          {t('pictures.caption-unsaved', { reason: saying(error) })}
        </p>
      )}
    </div>
  );
}

interface Typed {
  /** Undefined where it is as it was saved. */
  readonly typed: string | undefined;
  readonly type: (text: string) => void;
  readonly save: () => void;
  readonly error: Failure | undefined;
}

/** What is typed goes to the server one after the other, the last at last. */
function useTyped(dataset: string, name: string, caption: string): Typed {
  const studio = useStudio();
  const [typed, setTyped] = useState<string>();
  const [error, setError] = useState<Failure>();
  const unsaved = useRef<string>(undefined);
  const last = useRef<Promise<void>>(Promise.resolve());
  const send = async () => {
    const text = unsaved.current;
    if (text === undefined) return;
    unsaved.current = undefined;
    try {
      await studio.ask('datasets.caption', { id: dataset, name, caption: text });
      setError(undefined);
    } catch (thrown) {
      unsaved.current ??= text;
      setError(failureOf(thrown));
    }
  };
  const save = () => {
    last.current = last.current.then(send);
  };
  const later = useRef(save);
  later.current = save;
  useEffect(() => {
    if (typed === undefined) return;
    const timer = setTimeout(() => later.current(), pause);
    return () => clearTimeout(timer);
  }, [typed]);
  // A text that came otherwise is shown, unless there is something to save.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at when the saved text is another
  useEffect(() => {
    if (unsaved.current === undefined) setTyped(undefined);
  }, [caption]);
  // Whatever takes the field away, what was typed is sent.
  useEffect(() => () => later.current(), []);
  const type = (text: string) => {
    unsaved.current = text;
    setTyped(text);
  };
  return { typed, type, save, error };
}

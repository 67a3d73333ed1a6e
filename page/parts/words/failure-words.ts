/** @file What went wrong, in one text of the person's language. */
import type { Failure } from '../../../src/studio/interface/operation-shapes.ts';
import { StudioError } from '../../backend/studio-error.ts';
import { useWords } from '../../words/use-words.tsx';

/** Whatever was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof StudioError) return error.failure;
  return { code: '', message: error instanceof Error ? error.message : String(error) };
}

/** Says a failure where there is room for one text: in the server's words where there are no others. */
export function useSaying(): (failure: Failure) => string {
  const { t, saidOf } = useWords();
  return (failure) =>
    failure.code === 'NO_ANSWER' ? t('parts.no-answer') : (saidOf(failure) ?? failure.message);
}

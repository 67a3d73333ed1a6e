/** @file A screen that throws leaves the rest of the page standing. */
import { Component, type ReactNode } from 'react';
import { Button } from '../parts/controls/button.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { ScreenTitle } from '../parts/screen-title.tsx';
import { useWords } from '../words/use-words.tsx';

/** The script of a screen cannot be had: it is not the screen that is wrong, and trying again gives the same. */
class NotLoaded extends Error {
  override readonly name = 'NotLoaded';
}

/** @throws NotLoaded */
export function notLoaded(cause: unknown): never {
  throw new NotLoaded(cause instanceof Error ? cause.message : String(cause), { cause });
}

interface State {
  readonly error: Error | undefined;
}

export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    if (error instanceof NotLoaded) return <Missing error={error} />;
    return <Broken error={error} onAgain={() => this.setState({ error: undefined })} />;
  }
}

function Broken({ error, onAgain }: { error: Error; onAgain: () => void }) {
  const { t } = useWords();
  return (
    <>
      <ScreenTitle title={t('frame.broken')}>
        <Button onClick={onAgain}>{t('frame.again')}</Button>
      </ScreenTitle>
      <ErrorNotice error={error} />
    </>
  );
}

function Missing({ error }: { error: NotLoaded }) {
  const { t } = useWords();
  return (
    <>
      <ScreenTitle title={t('frame.not-loaded')}>
        <Button onClick={() => location.reload()}>{t('frame.reload')}</Button>
      </ScreenTitle>
      <Notice>
        <p>{t('frame.not-loaded-why')}</p>
        <p lang="en">{error.message}</p>
      </Notice>
    </>
  );
}

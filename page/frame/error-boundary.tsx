/** @file A screen that throws leaves the rest of the page standing. */
import { Component, type ReactNode } from 'react';
import { Button } from '../parts/controls/button.tsx';
import { ErrorNotice } from '../parts/notice.tsx';
import { ScreenTitle } from '../parts/screen-title.tsx';
import { useWords } from '../words/use-words.tsx';

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

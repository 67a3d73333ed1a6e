/** @file A command to be pasted into a terminal. */
import { useWords } from '../../words/use-words.tsx';
import { useMessages } from '../messages.tsx';
import { Button } from './button.tsx';
import styles from './copy-line.module.css';

export function CopyLine({ text }: { text: string }) {
  const { t } = useWords();
  const { show } = useMessages();
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    show({ text: t('parts.copied') });
  };
  return (
    <div className={styles.line}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <pre tabIndex={0}>{text}</pre>
      <Button kind="quiet" icon="copy" aria-label={t('parts.copy')} onClick={copy} />
    </div>
  );
}

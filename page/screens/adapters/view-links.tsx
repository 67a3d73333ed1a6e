/** @file From the list of adapters to what can be made of them, and back. Each has an address of its own. */
import { Link } from 'wouter';
import { classNames } from '../../parts/class-names.ts';
import { useWords } from '../../words/use-words.tsx';
import styles from './view-links.module.css';

const views = [
  ['files', 'adapters.view.files'],
  ['merge', 'adapters.view.merge'],
  ['extract', 'adapters.view.extract'],
  ['size', 'adapters.view.size'],
] as const;

export type ViewName = (typeof views)[number][0];

export function isView(text: string | null): text is ViewName {
  return views.some(([name]) => name === text);
}

export function ViewLinks({ shown }: { shown: ViewName }) {
  const { t } = useWords();
  return (
    <nav aria-label={t('adapters.views')} className={styles.views}>
      {views.map(([name, words]) => (
        <Link
          key={name}
          to={name === 'files' ? '/adapters' : `/adapters?show=${name}`}
          aria-current={name === shown ? 'page' : undefined}
          className={classNames(styles.view, name === shown && styles.shown)}
        >
          {t(words)}
        </Link>
      ))}
    </nav>
  );
}

/** @file Everything that was drawn, the newest first, with what narrows it down. */
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { useLook } from '../../../backend/use-look.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { CheckField } from '../../../parts/controls/field.tsx';
import { EmptyState } from '../../../parts/empty-state.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './gallery.module.css';
import { GalleryGrid } from './gallery-grid.tsx';
import { LargeView, type PictureActions } from './large-view.tsx';
import { useGallery } from './use-gallery.ts';

interface GalleryProps extends PictureActions {
  readonly run: string | undefined;
  readonly onRun: (run: string | undefined) => void;
  /** The picture that is shown large. */
  readonly opened: string | undefined;
  readonly setOpened: (picture: string | undefined) => void;
}

export function Gallery({ run, onRun, opened, setOpened, ...actions }: GalleryProps) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const [starred, setStarred] = useState(false);
  const section = useRef<HTMLElement>(null);
  const { data: runs = [] } = useLook('runs.list', {});
  const looked = useDeferredValue(text.trim());
  const { entries: all, total = 0, error, loadMore } = useGallery({ run, text: looked, starred });
  const { entries, news, showNews } = useStillEntries(all, section);
  const isNarrowed = run !== undefined || looked !== '' || starred;
  return (
    <section ref={section} className={styles.gallery}>
      <header className={styles.head}>
        <h2>{t('generate.gallery')}</h2>
        <p className={styles.count}>{t('generate.pictures', { n: total })}</p>
        <search className={styles.filters}>
          <input
            type="search"
            className={styles.text}
            aria-label={t('generate.find')}
            placeholder={t('generate.find')}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          <select
            className={styles.run}
            aria-label={t('generate.of-run')}
            value={run ?? ''}
            onChange={({ target }) => onRun(target.value || undefined)}
          >
            <option value="">{t('generate.all-runs')}</option>
            {runs.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <CheckField
            label={t('generate.starred')}
            checked={starred}
            onChange={({ target }) => setStarred(target.checked)}
          />
        </search>
      </header>
      <ErrorNotice error={error} />
      {news > 0 && (
        <div className={styles.news}>
          <Button kind="main" onClick={showNews}>
            {t('generate.news', { n: news })}
          </Button>
        </div>
      )}
      {entries.length === 0 && error === null && (
        <EmptyState text={isNarrowed ? t('generate.none-found') : t('generate.none')} />
      )}
      <GalleryGrid
        entries={entries}
        total={Math.max(total - news, entries.length)}
        onNearEnd={loadMore}
        onOpen={setOpened}
      />
      <LargeView {...actions} entries={entries} opened={opened} onOpen={setOpened} />
    </section>
  );
}

/** While one looks at pictures further down, new ones wait above, so that nothing moves away. */
function useStillEntries<Entry extends { readonly picture: string }>(
  all: readonly Entry[],
  section: { readonly current: HTMLElement | null },
) {
  const [anchor, setAnchor] = useState<string>();
  const first = all[0]?.picture;
  useEffect(() => {
    const onScroll = () => {
      const isBelow = (section.current?.getBoundingClientRect().top ?? 0) < 0;
      setAnchor((before) => (isBelow ? (before ?? first) : undefined));
    };
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, [first, section]);
  const news =
    anchor === undefined
      ? 0
      : Math.max(
          0,
          all.findIndex(({ picture }) => picture === anchor),
        );
  const showNews = () => {
    setAnchor(undefined);
    section.current?.scrollIntoView({ block: 'start' });
  };
  return { entries: news === 0 ? all : all.slice(news), news, showNews };
}

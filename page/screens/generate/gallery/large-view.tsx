/** @file One picture, large, with its settings and what one can do with it. */
import { type KeyboardEvent, useState } from 'react';
import type {
  DrawnEntry,
  DrawRequest,
} from '../../../../src/studio/interface/drawing-operations.ts';
import { useStudio } from '../../../backend/studio-provider.tsx';
import { useChange, useLook } from '../../../backend/use-look.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { Modal } from '../../../parts/modal.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { Picture } from '../../../parts/pictures/picture.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './large-view.module.css';
import { PictureFacts } from './picture-facts.tsx';

export interface PictureActions {
  readonly onUse: (request: DrawRequest, notes: readonly string[]) => void;
  readonly onBegin: (picture: string) => void;
}

interface LargeViewProps extends PictureActions {
  readonly entries: readonly DrawnEntry[];
  readonly opened: string | undefined;
  readonly onOpen: (picture: string | undefined) => void;
}

export function LargeView({ entries, opened, onOpen, ...actions }: LargeViewProps) {
  const { t } = useWords();
  const at = entries.findIndex(({ picture }) => picture === opened);
  const entry = entries[at];
  const go = (by: number) => {
    const next = entries[at + by];
    if (next !== undefined) onOpen(next.picture);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') go(-1);
    if (event.key === 'ArrowRight') go(1);
  };
  return (
    <Modal
      title={t('generate.picture')}
      isOpen={entry !== undefined}
      isWide
      onClose={() => onOpen(undefined)}
      onKeyDown={onKeyDown}
    >
      {entry !== undefined && (
        <div className={styles.view}>
          <div className={styles.shown}>
            <Picture
              picture={entry.picture}
              alt={t('generate.picture-alt', { prompt: entry.prompt, seed: String(entry.seed) })}
              ratio={entry.width / entry.height}
            />
            <div className={styles.turn}>
              <Button
                icon="left"
                aria-label={t('generate.newer')}
                disabled={at === 0}
                onClick={() => go(-1)}
              />
              <Button
                icon="right"
                aria-label={t('generate.older')}
                disabled={at === entries.length - 1}
                onClick={() => go(1)}
              />
            </div>
          </div>
          <Aside
            key={entry.picture}
            entry={entry}
            {...actions}
            onClose={() => onOpen(undefined)}
            onRemoved={() => onOpen((entries[at + 1] ?? entries[at - 1])?.picture)}
          />
        </div>
      )}
    </Modal>
  );
}

interface AsideProps extends PictureActions {
  readonly entry: DrawnEntry;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

function Aside({ entry, onUse, onBegin, onClose, onRemoved }: AsideProps) {
  const { t } = useWords();
  const studio = useStudio();
  const { picture, isStarred } = entry;
  const { data: found, error } = useLook('gallery.settings', { picture });
  const star = useChange('gallery.star');
  const remove = useChange('gallery.remove');
  const [isSure, setSure] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const use = async () => {
    try {
      const { request, notes } = found ?? (await studio.ask('gallery.settings', { picture }));
      if (request !== undefined) onUse(request, notes);
      onClose();
    } catch (thrown) {
      setFailure(thrown);
    }
  };
  return (
    <div className={styles.aside}>
      <PictureFacts entry={entry} found={found} />
      <div className={styles.actions}>
        <Button kind="main" onClick={() => void use()}>
          {t('generate.use')}
        </Button>
        <Button
          onClick={() => {
            onBegin(picture);
            onClose();
          }}
        >
          {t('generate.begin-with')}
        </Button>
        <Button
          icon="star"
          aria-pressed={isStarred}
          className={isStarred ? styles.starred : undefined}
          isBusy={star.isPending}
          onClick={() => star.mutate({ picture, isStarred: !isStarred })}
        >
          {t('generate.star')}
        </Button>
        <a
          className={styles.download}
          href={studio.pictureAddress(picture)}
          download={`${entry.seed}.png`}
        >
          {t('generate.download')}
        </a>
      </div>
      <div className={styles.removal}>
        {isSure ? (
          <>
            <p>{t('generate.remove-sure')}</p>
            <div className={styles.actions}>
              <Button
                kind="danger"
                isBusy={remove.isPending}
                onClick={() => remove.mutate({ picture }, { onSuccess: onRemoved })}
              >
                {t('generate.remove-yes')}
              </Button>
              <Button kind="quiet" onClick={() => setSure(false)}>
                {t('parts.cancel')}
              </Button>
            </div>
          </>
        ) : (
          <Button kind="quiet" icon="trash" onClick={() => setSure(true)}>
            {t('parts.remove')}
          </Button>
        )}
      </div>
      <ErrorNotice error={error ?? failure ?? star.error ?? remove.error} />
    </div>
  );
}

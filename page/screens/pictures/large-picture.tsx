/** @file A picture of a set, large; arrows lead to the others. */
import type { KeyboardEvent } from 'react';
import type { Dataset, DatasetPicture } from '../../../src/studio/interface/dataset-operations.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Modal } from '../../parts/modal.tsx';
import { CropFrame } from '../../parts/pictures/crop-frame.tsx';
import { useWords } from '../../words/use-words.tsx';
import styles from './large-picture.module.css';

interface LargePictureProps {
  readonly dataset: Dataset;
  /** Undefined where none is shown. */
  readonly name: string | undefined;
  readonly onOpen: (name: string | undefined) => void;
}

export function LargePicture({ dataset: { pictures }, name, onOpen }: LargePictureProps) {
  const { t } = useWords();
  const at = pictures.findIndex((picture) => picture.name === name);
  const picture = pictures[at];
  const open = (place: number) => {
    const next = pictures[place];
    if (next !== undefined) onOpen(next.name);
  };
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'ArrowLeft') open(at - 1);
    if (key === 'ArrowRight') open(at + 1);
  };
  return (
    <Modal
      title={picture?.name ?? ''}
      isOpen={picture !== undefined}
      onClose={() => onOpen(undefined)}
      onKeyDown={onKeyDown}
    >
      {picture !== undefined && (
        <div className={styles.shown}>
          <CropFrame
            picture={picture}
            alt={t('pictures.alt', { name: picture.name })}
            width={1280}
          />
          <div className={styles.below}>
            <Button
              icon="left"
              aria-label={t('pictures.previous')}
              aria-disabled={at === 0}
              onClick={() => open(at - 1)}
            />
            <Facts picture={picture} />
            <Button
              icon="right"
              aria-label={t('pictures.next')}
              aria-disabled={at === pictures.length - 1}
              onClick={() => open(at + 1)}
            />
          </div>
        </div>
      )}
    </Modal>
  );
}

function Facts({ picture }: { picture: DatasetPicture }) {
  const { t, formats } = useWords();
  const { width, height, bytes, crop, trainedWidth, trainedHeight } = picture;
  const cut = 1 - (crop.width * crop.height) / (width * height);
  const facts = [
    `${width} × ${height}`,
    formats.bytes(bytes),
    t('pictures.trained-as', { width: trainedWidth, height: trainedHeight }),
    ...(cut < 0.005 ? [] : [t('pictures.cut-away', { share: formats.percent(cut) })]),
  ];
  return <p>{facts.join(' · ')}</p>;
}

/** @file A picture of a set: what is trained of it, what to know of it, its text. */
import type {
  Dataset,
  DatasetPicture,
  DatasetWarning,
} from '../../../src/studio/interface/dataset-operations.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { CropFrame } from '../../parts/pictures/crop-frame.tsx';
import { useWords } from '../../words/use-words.tsx';
import { CaptionField } from './caption-field.tsx';
import styles from './picture-card.module.css';
import { useRemovePicture } from './use-remove-picture.ts';
import { shortWarnings } from './warning-words.ts';

interface PictureCardProps {
  readonly dataset: Dataset;
  readonly picture: DatasetPicture;
  readonly warnings: readonly DatasetWarning[];
  readonly onOpen: () => void;
}

export function PictureCard({ dataset, picture, warnings, onOpen }: PictureCardProps) {
  const { t } = useWords();
  const { id, isBundled } = dataset;
  const { name, width, height } = picture;
  const remove = useRemovePicture(id);
  return (
    <article className={styles.card}>
      <div className={styles.place}>
        <button type="button" className={styles.open} onClick={onOpen}>
          <CropFrame picture={picture} alt={t('pictures.alt', { name })} width={480} />
        </button>
        {!isBundled && (
          <Button
            icon="close"
            className={styles.remove}
            aria-label={t('pictures.remove', { name })}
            onClick={() => remove(name)}
          />
        )}
      </div>
      <p className={styles.fact}>
        <span className={styles.name} title={name}>
          {name}
        </span>
        <span>
          {width} × {height}
        </span>
      </p>
      {shortWarnings(t, warnings).map((text) => (
        <p key={text} className={styles.warning}>
          <Icon name="warning" size={16} />
          {text}
        </p>
      ))}
      {!isBundled && <CaptionField dataset={id} picture={picture} />}
    </article>
  );
}

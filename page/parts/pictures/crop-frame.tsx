/** @file A picture with the part of it that a training sees; the rest is dimmed. */
import type { CSSProperties } from 'react';
import type { DatasetPicture } from '../../../src/studio/interface/dataset-operations.ts';
import styles from './crop-frame.module.css';
import { MaskVeil } from './mask-veil.tsx';
import { Picture } from './picture.tsx';

interface CropFrameProps {
  readonly picture: DatasetPicture;
  readonly alt: string;
  /** Pixels to ask for. */
  readonly width: number;
}

export function CropFrame({
  picture: { picture, width, height, crop, mask },
  alt,
  width: asked,
}: CropFrameProps) {
  const ratio = width / height;
  const part: CSSProperties = {
    left: `${(100 * crop.x) / width}%`,
    top: `${(100 * crop.y) / height}%`,
    width: `${(100 * crop.width) / width}%`,
    height: `${(100 * crop.height) / height}%`,
  };
  const isWhole = crop.width > width - 1 && crop.height > height - 1;
  return (
    <span className={styles.place}>
      <span
        className={styles.picture}
        style={{ aspectRatio: ratio, width: ratio < 1 ? `${100 * ratio}%` : '100%' }}
      >
        <Picture picture={picture} alt={alt} width={asked} ratio={ratio} />
        {mask !== undefined && <MaskVeil mask={mask} width={asked} />}
        {!isWhole && <span aria-hidden="true" className={styles.part} style={part} />}
      </span>
    </span>
  );
}

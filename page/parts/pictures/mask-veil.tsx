/** @file The mask of a picture over it: what is not learned is darker. */
import type { DatasetMask } from '../../../src/studio/interface/dataset-operations.ts';
import type { Studio } from '../../../src/studio/interface/studio.ts';
import { useStudio } from '../../backend/studio-provider.tsx';
import styles from './mask-veil.module.css';

interface MaskVeilProps {
  readonly mask: DatasetMask;
  /** Pixels to ask for, as of the picture. */
  readonly width: number;
}

export function MaskVeil({ mask, width }: MaskVeilProps) {
  const address = maskAddress(useStudio(), mask, width);
  return <img src={address} alt="" className={styles.veil} draggable={false} />;
}

/** Another one for another content: browsers do not ask again for what they show already. */
export function maskAddress(
  studio: Studio,
  { picture, version }: DatasetMask,
  width?: number,
): string {
  const joint = width === undefined ? '?' : '&';
  return `${studio.pictureAddress(picture, width)}${joint}version=${encodeURIComponent(version)}`;
}

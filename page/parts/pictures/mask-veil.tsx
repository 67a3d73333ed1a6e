/** @file The mask of a picture over it: what is not learned is darker. */
import type { DatasetMask } from '../../../src/studio/interface/dataset-operations.ts';
import type { Studio } from '../../../src/studio/interface/studio.ts';
import { useStudio } from '../../backend/studio-provider.tsx';
import styles from './mask-veil.module.css';

export function MaskVeil({ mask }: { readonly mask: DatasetMask }) {
  const studio = useStudio();
  return <img src={maskAddress(studio, mask)} alt="" className={styles.veil} draggable={false} />;
}

/** Another one for another content: browsers do not ask again for what they show already. */
export function maskAddress(studio: Studio, { picture, version }: DatasetMask): string {
  return `${studio.pictureAddress(picture)}?version=${encodeURIComponent(version)}`;
}

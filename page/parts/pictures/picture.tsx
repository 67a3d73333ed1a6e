/** @file A picture of Studio on neutral grey, its place kept while it loads. */
import { type SyntheticEvent, useState } from 'react';
import { useStudio } from '../../backend/studio-provider.tsx';
import { classNames } from '../class-names.ts';
import styles from './picture.module.css';

interface PictureProps {
  readonly picture: string;
  /** Prompt, seed, run: what it shows. Empty where words beside it say it. */
  readonly alt: string;
  /** Pixels to ask for; the whole picture where not given. */
  readonly width?: number;
  /** Width by height of its place; 1 where not given. */
  readonly ratio?: number;
  /** Fetched only when it comes near the window. */
  readonly isLazy?: boolean;
  readonly className?: string | undefined;
}

export function Picture({
  picture,
  alt,
  width,
  ratio = 1,
  isLazy = false,
  className,
}: PictureProps) {
  const studio = useStudio();
  const [isMagnified, setMagnified] = useState(false);
  // A toy's picture of 64 pixels is shown as it is, in squares, instead of as a blur.
  const onLoad = ({ currentTarget: image }: SyntheticEvent<HTMLImageElement>) =>
    setMagnified(image.naturalWidth * 2 < image.clientWidth * window.devicePixelRatio);
  return (
    <img
      src={studio.pictureAddress(picture, width)}
      alt={alt}
      decoding="async"
      loading={isLazy ? 'lazy' : 'eager'}
      draggable={false}
      onLoad={onLoad}
      style={{ aspectRatio: ratio }}
      className={classNames(styles.picture, isMagnified && styles.magnified, className)}
    />
  );
}

/** @file Pixels of a picture as a browser shows it: upright. */
import { useEffect, useState } from 'react';

/** 0 until they are known. */
export function usePictureSize(address: string): {
  readonly width: number;
  readonly height: number;
} {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const image = new Image();
    image.onload = () => setSize({ width: image.naturalWidth, height: image.naturalHeight });
    image.src = address;
    return () => {
      image.onload = null;
    };
  }, [address]);
  return size;
}

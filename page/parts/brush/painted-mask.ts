/** @file A mask that was painted before, as a canvas to paint on further: opaque where it is white. */
import { useEffect, useState } from 'react';

/** Undefined until it is there. */
export function usePaintedMask(address: string | undefined): HTMLCanvasElement | undefined {
  const [painted, setPainted] = useState<HTMLCanvasElement>();
  useEffect(() => {
    setPainted(undefined);
    if (address === undefined) return;
    const image = new Image();
    image.onload = () => setPainted(opaqueWhereWhite(image));
    image.src = address;
    return () => {
      image.onload = null;
    };
  }, [address]);
  return painted;
}

function opaqueWhereWhite(image: HTMLImageElement): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight });
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser has no canvas');
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < pixels.data.length; at += 4) {
    pixels.data[at + 3] = pixels.data[at] ?? 0;
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

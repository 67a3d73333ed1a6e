/** @file What a brush painted, in pixels of the picture, and how it looks on a canvas. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Stroke {
  readonly points: readonly Point[];
  /** Diameter. */
  readonly size: number;
  /** Takes away what was painted before. */
  readonly erases: boolean;
}

/** Paints strokes one after the other; nothing else stays on the canvas. */
export function paintStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  colour: string,
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = colour;
  for (const { points, size, erases } of strokes) {
    context.globalCompositeOperation = erases ? 'destination-out' : 'source-over';
    context.lineWidth = size;
    context.beginPath();
    for (const [n, { x, y }] of points.entries()) {
      // A line of no length is a round dot.
      if (n === 0) context.moveTo(x, y);
      context.lineTo(x, y);
    }
    context.stroke();
  }
  context.globalCompositeOperation = 'source-over';
}

/** A mask as drawing takes it: what is painted is white, everything else black. */
export function maskOf(
  strokes: readonly Stroke[],
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Blob> {
  const [painted, mask] = [document.createElement('canvas'), document.createElement('canvas')];
  for (const canvas of [painted, mask]) Object.assign(canvas, { width, height });
  const [paint, context] = [painted.getContext('2d'), mask.getContext('2d')];
  if (paint === null || context === null) throw new Error('this browser has no canvas');
  paintStrokes(paint, strokes, '#fff');
  context.fillStyle = '#000';
  context.fillRect(0, 0, width, height);
  context.drawImage(painted, 0, 0);
  return new Promise((resolve, reject) => {
    mask.toBlob((blob) => {
      if (blob === null) reject(new Error('this browser makes no PNG'));
      else resolve(blob);
    }, 'image/png');
  });
}

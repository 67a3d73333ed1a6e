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

interface Paint {
  readonly colour: string;
  /** What was painted before: opaque where it is. */
  readonly before?: CanvasImageSource | undefined;
}

/** Paints strokes one after the other; nothing else stays on the canvas. */
export function paintStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  { colour, before }: Paint,
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  if (before !== undefined) {
    context.drawImage(before, 0, 0, width, height);
    context.globalCompositeOperation = 'source-in';
    context.fillStyle = colour;
    context.fillRect(0, 0, width, height);
    context.globalCompositeOperation = 'source-over';
  }
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = colour;
  context.fillStyle = colour;
  for (const { points, size, erases } of strokes) {
    context.globalCompositeOperation = erases ? 'destination-out' : 'source-over';
    context.lineWidth = size;
    context.beginPath();
    for (const [n, { x, y }] of points.entries()) {
      if (n === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.stroke();
    // Lines of no length are left out of a path: a dot is a disc.
    const [first] = points;
    if (first === undefined) continue;
    context.beginPath();
    context.arc(first.x, first.y, size / 2, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalCompositeOperation = 'source-over';
}

/** A mask as drawing and training take it: what is painted is white, everything else black. */
export function maskOf(
  strokes: readonly Stroke[],
  { width, height }: { readonly width: number; readonly height: number },
  before?: CanvasImageSource,
): Promise<Blob> {
  const [painted, mask] = [document.createElement('canvas'), document.createElement('canvas')];
  for (const canvas of [painted, mask]) Object.assign(canvas, { width, height });
  const [paint, context] = [painted.getContext('2d'), mask.getContext('2d')];
  if (paint === null || context === null) throw new Error('this browser has no canvas');
  paintStrokes(paint, strokes, { colour: '#fff', before });
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

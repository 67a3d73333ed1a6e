/** @file A picture to paint on, by mouse, finger, pen or keyboard. */
import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { useWords } from '../../words/use-words.tsx';
import styles from './paint-canvas.module.css';
import { type Point, paintStrokes, type Stroke } from './strokes.ts';

/** Opaque here; the style makes it a veil. */
const colour = '#e5005b';

interface PaintCanvasProps {
  readonly address: string;
  readonly width: number;
  readonly height: number;
  readonly strokes: readonly Stroke[];
  /** What was painted before them: opaque where it is. */
  readonly before?: CanvasImageSource | undefined;
  /** Of the next stroke. */
  readonly brush: Omit<Stroke, 'points'>;
  readonly onStroke: (stroke: Stroke) => void;
}

export function PaintCanvas(props: PaintCanvasProps) {
  const { address, width, height, strokes, before, brush, onStroke } = props;
  const { t } = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const help = useId();
  const [current, setCurrent] = useState<readonly Point[]>();
  const [at, setAt] = useState<Point>();
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const all = current === undefined ? strokes : [...strokes, { ...brush, points: current }];
    paintStrokes(context, all, { colour, before });
  }, [strokes, current, brush, before]);
  const pointOf = ({ clientX, clientY }: { clientX: number; clientY: number }): Point => {
    const box = canvas.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return {
      x: ((clientX - box.left) / box.width) * width,
      y: ((clientY - box.top) / box.height) * height,
    };
  };
  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setCurrent([pointOf(event)]);
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    setAt(pointOf(event));
    const passed = event.nativeEvent.getCoalescedEvents();
    const points = (passed.length > 0 ? passed : [event.nativeEvent]).map(pointOf);
    setCurrent((earlier) => earlier && [...earlier, ...points]);
  };
  const onPointerUp = () => {
    if (current !== undefined) onStroke({ ...brush, points: current });
    setCurrent(undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const from = at ?? { x: width / 2, y: height / 2 };
    const to = moved(from, event.key, brush.size / 2);
    const isPainting = event.key === ' ' || event.key === 'Enter';
    if (to === undefined && !isPainting) return;
    event.preventDefault();
    const next = within(to ?? from, width, height);
    setAt(next);
    if (isPainting) onStroke({ ...brush, points: [next] });
    else if (event.shiftKey) onStroke({ ...brush, points: [from, next] });
  };
  const shape = { '--ratio': width / height } as CSSProperties;
  return (
    <div className={styles.place} style={shape}>
      <img src={address} alt="" className={styles.picture} draggable={false} />
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: arrows and the space bar are its own */}
      <canvas
        ref={canvas}
        width={width}
        height={height}
        className={styles.canvas}
        role="application"
        tabIndex={0}
        aria-label={t('parts.brush.picture')}
        aria-describedby={help}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onKeyDown={onKeyDown}
        onFocus={() => setAt((known) => known ?? { x: width / 2, y: height / 2 })}
      />
      {at !== undefined && <Cursor at={at} size={brush.size} width={width} height={height} />}
      <span id={help} className={styles.help}>
        {t('parts.brush.keys')}
      </span>
    </div>
  );
}

interface CursorProps {
  readonly at: Point;
  readonly size: number;
  readonly width: number;
  readonly height: number;
}

/** Where the brush is, and how large. */
function Cursor({ at, size, width, height }: CursorProps) {
  const percent = (value: number, of: number) => `${(100 * value) / of}%`;
  const place = {
    left: percent(at.x - size / 2, width),
    top: percent(at.y - size / 2, height),
    width: percent(size, width),
    height: percent(size, height),
  };
  return <span aria-hidden="true" className={styles.cursor} style={place} />;
}

function moved({ x, y }: Point, key: string, by: number): Point | undefined {
  if (key === 'ArrowLeft') return { x: x - by, y };
  if (key === 'ArrowRight') return { x: x + by, y };
  if (key === 'ArrowUp') return { x, y: y - by };
  return key === 'ArrowDown' ? { x, y: y + by } : undefined;
}

function within({ x, y }: Point, width: number, height: number): Point {
  return { x: Math.min(Math.max(x, 0), width), y: Math.min(Math.max(y, 0), height) };
}

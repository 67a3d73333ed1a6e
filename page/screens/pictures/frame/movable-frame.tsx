/** @file A picture whose frame one moves: by dragging, by a slider, by its number. */
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import type { DatasetPicture } from '../../../../src/studio/interface/dataset-operations.ts';
import { useChange } from '../../../backend/use-look.ts';
import { NumberSlider } from '../../../parts/controls/number-slider.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { CropFrame } from '../../../parts/pictures/crop-frame.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { aroundAt, frameAt, placeOf } from './frame-place.ts';
import styles from './movable-frame.module.css';

interface MovableFrameProps {
  readonly dataset: string;
  readonly picture: DatasetPicture;
  /** In which there is room. */
  readonly way: 'x' | 'y';
  /** Pixels to ask for. */
  readonly width: number;
}

export function MovableFrame({ dataset, picture, way, width }: MovableFrameProps) {
  const { t } = useWords();
  const { place, move, error } = usePlace(dataset, picture, way);
  const crop = frameAt(picture, way, place);
  const drag = useDrag({ picture, way, place, move });
  const { name } = picture;
  return (
    <>
      <div {...drag} className={way === 'x' ? styles.across : styles.down}>
        <CropFrame picture={{ ...picture, crop }} alt={t('pictures.alt', { name })} width={width} />
      </div>
      <NumberSlider
        label={t('pictures.frame')}
        value={Math.round(100 * place)}
        min={0}
        max={100}
        usual={50}
        marks={[50]}
        onChange={(percent) => move(percent / 100)}
      />
      <ErrorNotice error={error} />
    </>
  );
}

/** Milliseconds without a move after which it is saved. */
const pause = 400;

function usePlace(id: string, picture: DatasetPicture, way: 'x' | 'y') {
  const change = useChange('datasets.frame');
  const [moved, setMoved] = useState<number>();
  const unsaved = useRef<number>(undefined);
  const save = () => {
    const place = unsaved.current;
    if (place === undefined) return;
    unsaved.current = undefined;
    change.mutate({ id, name: picture.name, around: aroundAt(picture, way, place) });
  };
  const later = useRef(save);
  later.current = save;
  useEffect(() => {
    if (moved === undefined) return;
    const timer = setTimeout(() => later.current(), pause);
    return () => clearTimeout(timer);
  }, [moved]);
  // Whatever takes the picture away, where the frame was left is kept.
  useEffect(() => () => later.current(), []);
  const move = (place: number) => {
    unsaved.current = place;
    setMoved(place);
  };
  return { place: moved ?? placeOf(picture, way), move, error: change.error };
}

interface Dragged {
  readonly picture: DatasetPicture;
  readonly way: 'x' | 'y';
  readonly place: number;
  readonly move: (place: number) => void;
}

function useDrag({ picture: { width, height, crop }, way, place, move }: Dragged) {
  const begun = useRef<{ readonly at: number; readonly place: number }>(undefined);
  const at = ({ clientX, clientY }: PointerEvent) => (way === 'x' ? clientX : clientY);
  const end = () => {
    begun.current = undefined;
  };
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      begun.current = { at: at(event), place };
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (begun.current === undefined) return;
      // The longer side of the picture fills the square.
      const shown = event.currentTarget.clientWidth / Math.max(width, height);
      const room = way === 'x' ? width - crop.width : height - crop.height;
      const by = (at(event) - begun.current.at) / (shown * room);
      move(Math.min(1, Math.max(0, begun.current.place + by)));
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}

/** @file Two pictures as a pair: divided by a slider, side by side, or in turns; and all in which they differ. */
import { useState } from 'react';
import type { Comparison } from '../../../../src/studio/interface/comparison-operations.ts';
import { Choice } from '../../../parts/controls/choice.tsx';
import { Modal } from '../../../parts/modal.tsx';
import { BeforeAfter } from '../../../parts/pictures/before-after.tsx';
import { Picture } from '../../../parts/pictures/picture.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { useAxisWords } from '../axes/use-axis-words.ts';
import { cellAt, type Place, valuesAt } from '../grid/cell-places.ts';
import { Blink } from './blink.tsx';
import { Differences } from './differences.tsx';
import styles from './pair-window.module.css';

interface PairWindowProps {
  readonly comparison: Comparison;
  readonly places: readonly [Place, Place];
  readonly onClose: () => void;
}

type View = 'slider' | 'beside' | 'blink';

export function PairWindow({ comparison, places, onClose }: PairWindowProps) {
  const { t } = useWords();
  const { wholeOf } = useAxisWords();
  const [view, setView] = useState<View>('slider');
  const [before, after] = places.map((place) => valuesAt(comparison, place));
  if (before === undefined || after === undefined) return null;
  const differing = [...before].flatMap(([name, value]) => {
    const other = after.get(name);
    return other === undefined || other === value ? [] : [{ name, before: value, after: other }];
  });
  const sideOf = (place: Place, side: 'before' | 'after') => ({
    picture: cellAt(comparison, place)?.picture ?? '',
    alt: [...valuesAt(comparison, place)].map(([name, value]) => wholeOf(name, value)).join(', '),
    word: differing.map((each) => wholeOf(each.name, each[side])).join(', '),
  });
  const sides = [sideOf(places[0], 'before'), sideOf(places[1], 'after')] as const;
  return (
    <Modal title={t('compare.pair')} isOpen isWide onClose={onClose}>
      <div>
        <Choice
          label={t('compare.pair-view')}
          value={view}
          onChange={setView}
          options={[
            { value: 'slider', label: t('compare.pair.slider') },
            { value: 'beside', label: t('compare.pair.beside') },
            { value: 'blink', label: t('compare.pair.blink') },
          ]}
        />
      </div>
      {view === 'slider' && (
        <div className={styles.one}>
          <BeforeAfter label={t('compare.divide')} before={sides[0]} after={sides[1]} />
        </div>
      )}
      {view === 'beside' && (
        <div className={styles.two}>
          {sides.map(({ picture, alt, word }) => (
            <figure key={word}>
              <Picture picture={picture} alt={alt} />
              <figcaption className={styles.word}>{word}</figcaption>
            </figure>
          ))}
        </div>
      )}
      {view === 'blink' && <Blink sides={sides} />}
      <Differences differing={differing} />
    </Modal>
  );
}

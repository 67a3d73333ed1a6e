/** @file What there is of a comparison: how much is drawn, the grid, and two of its pictures as a pair. */
import { useState } from 'react';
import type {
  Comparison,
  ComparisonRequest,
} from '../../../../src/studio/interface/comparison-operations.ts';
import { Notice } from '../../../parts/notice.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { PairWindow } from '../pair/pair-window.tsx';
import { cellAt, type Place, samePlace } from './cell-places.ts';
import { ComparisonBar } from './comparison-bar.tsx';
import { ComparisonExport } from './comparison-export.tsx';
import { ComparisonGrid } from './comparison-grid.tsx';
import styles from './comparison-view.module.css';
import { LayerSlider } from './layer-slider.tsx';

interface ComparisonViewProps {
  readonly comparison: Comparison;
  /** What the form says now, of which the comparison may not know yet; undefined where it is not whole. */
  readonly asked: ComparisonRequest | undefined;
}

const mostProblems = 3;

/** On a phone two columns are seen whole, and that there are more. */
function firstSize(): number {
  return window.matchMedia('(width >= 720px)').matches ? 160 : 112;
}

export function ComparisonView({ comparison, asked }: ComparisonViewProps) {
  const { t } = useWords();
  const [size, setSize] = useState(firstSize);
  const [chosen, setLayer] = useState(0);
  const [first, setFirst] = useState<Place>();
  const [second, setSecond] = useState<Place>();
  const { request, cells } = comparison;
  const layer = Math.min(chosen, cells.length - 1);
  const choose = (place: Place) => {
    if (first === undefined || cellAt(comparison, first)?.picture === undefined) setFirst(place);
    else if (samePlace(first, place)) setFirst(undefined);
    else setSecond(place);
  };
  // The line is there from the start, so that nothing moves when there is something to choose.
  const hint =
    comparison.drawn < 2
      ? '\u00A0'
      : t(first === undefined ? 'compare.choose' : 'compare.choose-second');
  const problems = [...new Set(cells.flat(2).flatMap(({ problem }) => problem ?? []))];
  return (
    <section aria-label={t('compare.grid')} className={styles.view}>
      <ComparisonBar comparison={comparison} asked={asked} size={size} onSize={setSize} />
      {request.z !== undefined && (
        <LayerSlider axis={request.z} layer={layer} onChange={setLayer} />
      )}
      <p className={styles.hint}>{hint}</p>
      <ComparisonGrid
        comparison={comparison}
        layer={layer}
        size={size}
        first={first}
        onChoose={choose}
      />
      {comparison.drawn > 0 && <ComparisonExport comparison={comparison} />}
      {problems.length > 0 && (
        <Notice>
          {problems.slice(0, mostProblems).map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </Notice>
      )}
      {first !== undefined && second !== undefined && (
        <PairWindow
          comparison={comparison}
          places={[first, second]}
          onClose={() => setSecond(undefined)}
        />
      )}
    </section>
  );
}

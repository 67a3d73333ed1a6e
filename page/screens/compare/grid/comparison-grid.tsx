/** @file The grid of a comparison: headings stay in sight, arrows go from picture to picture. */
import type { CSSProperties } from 'react';
import type { Comparison } from '../../../../src/studio/interface/comparison-operations.ts';
import { useRoving } from '../../../parts/controls/use-roving.ts';
import { Picture } from '../../../parts/pictures/picture.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { useAxisWords } from '../axes/use-axis-words.ts';
import { type Place, samePlace, valuesAt } from './cell-places.ts';
import styles from './comparison-grid.module.css';

interface ComparisonGridProps {
  readonly comparison: Comparison;
  readonly layer: number;
  /** Side of a picture's place, in pixels. */
  readonly size: number;
  /** Chosen as the first of a pair. */
  readonly first: Place | undefined;
  readonly onChoose: (place: Place) => void;
}

export function ComparisonGrid(props: ComparisonGridProps) {
  const { comparison, layer, size } = props;
  const { t } = useWords();
  const { nameOf, textOf } = useAxisWords();
  const { x, y } = comparison.request;
  const columns = x.values.length;
  const { onKeyDown, item } = useRoving(columns * y.values.length, columns);
  const place = { '--cell': `${size}px` } as CSSProperties;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the buttons inside
    <div className={styles.scroll} style={place} onKeyDown={onKeyDown}>
      <table className={styles.grid}>
        <thead>
          <tr>
            <td className={styles.corner}>
              {t('compare.corner', { rows: nameOf(y.name), columns: nameOf(x.name) })}
            </td>
            {x.values.map((value) => (
              <th key={String(value)} scope="col">
                <span className={styles.heading}>{textOf(x.name, value)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {y.values.map((value, row) => (
            <tr key={String(value)}>
              <th scope="row">
                <span className={styles.heading}>{textOf(y.name, value)}</span>
              </th>
              {x.values.map((key, column) => (
                <td key={String(key)}>
                  <GridCell
                    {...props}
                    place={{ layer, row, column }}
                    attributes={item(row * columns + column)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface GridCellProps extends ComparisonGridProps {
  readonly place: Place;
  readonly attributes: ReturnType<ReturnType<typeof useRoving>['item']>;
}

function GridCell({ comparison, place, size, first, onChoose, attributes }: GridCellProps) {
  const { t } = useWords();
  const { wholeOf } = useAxisWords();
  const cell = comparison.cells[place.layer]?.[place.row]?.[place.column];
  const words = [...valuesAt(comparison, place)].map(([name, value]) => wholeOf(name, value));
  const alt = words.join(', ');
  if (cell?.picture === undefined) {
    const problem = cell?.problem;
    return (
      <button
        type="button"
        className={styles.empty}
        aria-disabled="true"
        aria-label={t('compare.empty', { words: alt, problem: problem ?? t('compare.not-drawn') })}
        title={problem}
        {...attributes}
      >
        {problem !== undefined && '–'}
      </button>
    );
  }
  return (
    <button
      type="button"
      className={styles.cell}
      aria-pressed={first !== undefined && samePlace(first, place)}
      onClick={() => onChoose(place)}
      {...attributes}
    >
      <Picture picture={cell.picture} alt={alt} width={size > 240 ? 1024 : 480} />
    </button>
  );
}

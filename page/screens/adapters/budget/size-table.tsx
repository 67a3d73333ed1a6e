/** @file Parameters over a1 and a2 as a table of buttons: the darker the more, hatched what cannot be, grey what is too large. */
import { type CSSProperties, useState } from 'react';
import { useLocation } from 'wouter';
import type {
  FactorSizes,
  SizedEntry,
} from '../../../../src/studio/interface/adapter-operations.ts';
import { classNames } from '../../../parts/class-names.ts';
import { useRoving } from '../../../parts/controls/use-roving.ts';
import { useWords } from '../../../words/use-words.tsx';
import styles from './budget-planner.module.css';
import { sizeGrid } from './size-grid.ts';

interface SizeTableProps {
  readonly grid: FactorSizes;
  /** As training names it. */
  readonly base: string;
  /** Bytes of a file. */
  readonly limit: number;
}

export function SizeTable({ grid: { entries, sites }, base, limit }: SizeTableProps) {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const [current, setCurrent] = useState<SizedEntry>();
  const { a1: rows, a2: columns, at, shareOf } = sizeGrid(entries);
  const { onKeyDown, item } = useRoving(rows.length * columns.length, columns.length);
  const describe = useDescription(limit);
  const train = ({ a1, a2 }: SizedEntry) => {
    const query = new URLSearchParams({ adapter: 'krona', a1: `${a1}`, a2: `${a2}`, base });
    navigate(`/train?${query}`);
  };
  return (
    <>
      <p className={styles.said}>
        {current === undefined ? t('adapters.grid-hint', { sites }) : describe(current)}
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows go from button to button */}
      <div className={styles.scroll} onKeyDown={onKeyDown}>
        <table className={styles.table}>
          <caption className={styles.caption}>{t('adapters.grid-caption')}</caption>
          <thead>
            <tr>
              <th scope="col">a1 × a2</th>
              {columns.map((a2) => (
                <th key={a2} scope="col">
                  {a2}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((a1, row) => (
              <tr key={a1}>
                <th scope="row">{a1}</th>
                {columns.map((a2, column) => {
                  const entry = at(a1, a2);
                  const place = item(row * columns.length + column);
                  return (
                    <td key={a2}>
                      {entry !== undefined && (
                        <SizeField
                          {...place}
                          entry={entry}
                          share={shareOf(entry.parameters ?? 0)}
                          isTooLarge={entry.fileBytes !== null && entry.fileBytes > limit}
                          label={describe(entry)}
                          onShow={() => {
                            place.onFocus();
                            setCurrent(entry);
                          }}
                          onHover={() => setCurrent(entry)}
                          onChoose={() => train(entry)}
                        />
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface SizeFieldProps {
  readonly entry: SizedEntry;
  readonly share: number;
  readonly isTooLarge: boolean;
  readonly label: string;
  readonly tabIndex: 0 | -1;
  readonly 'data-roving': number;
  readonly onShow: () => void;
  readonly onHover: () => void;
  readonly onChoose: () => void;
}

function SizeField({
  entry: { parameters },
  share,
  isTooLarge,
  label,
  onShow,
  onHover,
  onChoose,
  ...place
}: SizeFieldProps) {
  const { formats } = useWords();
  const isPossible = parameters !== null;
  const shown = isPossible ? formats.compact(parameters) : '–';
  return (
    <button
      type="button"
      {...place}
      aria-label={`${shown}, ${label}`}
      aria-disabled={!isPossible}
      className={classNames(
        styles.field,
        !isPossible && styles.impossible,
        isTooLarge && styles.large,
      )}
      style={{ '--share': share } as CSSProperties}
      onFocus={onShow}
      onPointerEnter={onHover}
      onClick={isPossible ? onChoose : undefined}
    >
      {shown}
    </button>
  );
}

/** A field in a sentence, with what a press does. */
function useDescription(limit: number): (entry: SizedEntry) => string {
  const { t, formats } = useWords();
  return ({ a1, a2, parameters, fileBytes }) => {
    if (parameters === null || fileBytes === null) return t('adapters.impossible', { a1, a2 });
    const values = { a1, a2, parameters, size: formats.bytes(fileBytes) };
    return fileBytes > limit ? t('adapters.too-large', values) : t('adapters.fits', values);
  };
}

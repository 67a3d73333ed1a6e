/** @file What there is to know of a set before it is trained on; nothing of it keeps a training from beginning. */
import { useState } from 'react';
import type { Dataset, DatasetWarning } from '../../../src/studio/interface/dataset-operations.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useWords } from '../../words/use-words.tsx';
import styles from './dataset-warnings.module.css';
import { useRemovePicture } from './use-remove-picture.ts';
import { warningText } from './warning-words.ts';

interface DatasetWarningsProps {
  readonly dataset: Dataset;
  /** Shows a picture large. */
  readonly onOpen: (name: string) => void;
}

export function DatasetWarnings({ dataset, onOpen }: DatasetWarningsProps) {
  const { t } = useWords();
  const { warnings } = dataset;
  // On a phone the pictures come first.
  const [isWide] = useState(() => window.matchMedia('(width >= 720px)').matches);
  if (warnings.length === 0) return null;
  return (
    <details open={isWide} className={styles.warnings}>
      <summary className={styles.head}>
        <Icon name="warning" />
        {t('pictures.warnings', { n: warnings.length })}
      </summary>
      <ul>
        {warnings.map((warning) => (
          <li key={`${warning.kind} ${warning.names.join('/')}`} className={styles.warning}>
            <Warning dataset={dataset} warning={warning} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </details>
  );
}

interface WarningProps extends DatasetWarningsProps {
  readonly warning: DatasetWarning;
}

function Warning({ dataset: { id, isBundled, pictures }, warning, onOpen }: WarningProps) {
  const words = useWords();
  const { t } = words;
  const remove = useRemovePicture(id);
  const { kind, names } = warning;
  const [first] = names;
  const spare = kind === 'near duplicates' ? smallestOf(pictures, names) : first;
  const isRemovable = !isBundled && (kind === 'near duplicates' || kind === 'unreadable');
  const canShow = pictures.some(({ name }) => name === first) && names.length < pictures.length;
  return (
    <>
      <p>{warningText(words, warning)}</p>
      <div className={styles.actions}>
        {canShow && first !== undefined && (
          <Button kind="quiet" onClick={() => onOpen(first)}>
            {t('pictures.show')}
          </Button>
        )}
        {isRemovable && spare !== undefined && (
          <Button kind="quiet" onClick={() => remove(spare)}>
            {t('pictures.remove', { name: spare })}
          </Button>
        )}
      </div>
    </>
  );
}

/** Of pictures that are nearly the same, the one with the fewest pixels. */
function smallestOf(pictures: Dataset['pictures'], names: readonly string[]): string | undefined {
  const alike = pictures.filter(({ name }) => names.includes(name));
  const pixels = ({ width, height }: (typeof alike)[number]) => width * height;
  return alike.reduce<(typeof alike)[number] | undefined>(
    (least, each) => (least === undefined || pixels(each) < pixels(least) ? each : least),
    undefined,
  )?.name;
}

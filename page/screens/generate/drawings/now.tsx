/** @file What is being drawn, what waits, and what was drawn last: the latest first. */
import type { Drawing } from '../../../../src/studio/interface/drawing-operations.ts';
import { useChange, useLook } from '../../../backend/use-look.ts';
import { isUnderWay } from '../../../parts/words/drawing-words.ts';
import { useWords } from '../../../words/use-words.tsx';
import { DrawnPictures } from './drawn-pictures.tsx';
import styles from './now.module.css';

interface NowProps {
  /** Drawings of each sweep, by their ids in the order of their strengths. */
  readonly sweeps: readonly (readonly string[])[];
  readonly onOpen: (picture: string) => void;
}

export function Now({ sweeps, onOpen }: NowProps) {
  const { t } = useWords();
  const { data: drawings = [] } = useLook('drawings.list', {});
  const cancel = useChange('drawings.cancel');
  const groups = grouped(drawings, sweeps);
  const last = groups.find((group) => !group.some(isUnderWay));
  const shown = groups.filter((group) => group === last || group.some(isUnderWay));
  if (shown.length === 0) return null;
  return (
    <section className={styles.now}>
      <h2>{t('generate.now')}</h2>
      {shown.map((group) => (
        <DrawnPictures
          key={group[0]?.id}
          drawings={group}
          onOpen={onOpen}
          onCancel={() => {
            for (const { id } of group.filter(isUnderWay)) cancel.mutate({ id });
          }}
        />
      ))}
    </section>
  );
}

/** Those of a sweep together, where the latest of them stands. */
function grouped(
  drawings: readonly Drawing[],
  sweeps: readonly (readonly string[])[],
): readonly (readonly Drawing[])[] {
  const placed = new Set<string>();
  return drawings.flatMap((drawing) => {
    if (placed.has(drawing.id)) return [];
    const sweep = sweeps.find((ids) => ids.includes(drawing.id)) ?? [drawing.id];
    const group = sweep.flatMap((id) => drawings.find((each) => each.id === id) ?? []);
    for (const { id } of group) placed.add(id);
    return [group];
  });
}

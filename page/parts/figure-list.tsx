/** @file Figures beside each other, each under its name. */
import styles from './figure-list.module.css';

interface FigureListProps {
  /** Names with what they are. */
  readonly figures: readonly (readonly [string, string])[];
}

export function FigureList({ figures }: FigureListProps) {
  return (
    <dl className={styles.figures}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

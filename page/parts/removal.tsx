/** @file Removes what nobody can bring back: what is lost is said beside the button. */
import { Button } from './controls/button.tsx';
import styles from './removal.module.css';

interface RemovalProps {
  /** What is lost. */
  readonly warning: string;
  /** On the button. */
  readonly label: string;
  readonly isBusy: boolean;
  readonly onRemove: () => void;
}

export function Removal({ warning, label, isBusy, onRemove }: RemovalProps) {
  return (
    <div className={styles.removal}>
      <p>{warning}</p>
      <Button kind="danger" isBusy={isBusy} onClick={onRemove}>
        {label}
      </Button>
    </div>
  );
}

/** @file Adapters to tick, each with a slider of its strength once it is. */
import type { AdapterSummary } from '../../../../src/studio/interface/adapter-operations.ts';
import type { UsedAdapter } from '../../../../src/studio/interface/drawing-operations.ts';
import { CheckField } from '../../../parts/controls/field.tsx';
import { NumberSlider } from '../../../parts/controls/number-slider.tsx';
import { modelName } from '../../../parts/words/model-words.ts';
import { useWords } from '../../../words/use-words.tsx';
import styles from './merge-adapters.module.css';

interface AdapterChoiceProps {
  readonly adapters: readonly AdapterSummary[];
  readonly used: readonly UsedAdapter[];
  readonly onChange: (used: readonly UsedAdapter[]) => void;
}

export function AdapterChoice({ adapters, used, onChange }: AdapterChoiceProps) {
  const { t } = useWords();
  const [first] = used;
  const base = adapters.find(({ id }) => id === first?.id)?.base;
  return (
    <ul className={styles.list} aria-label={t('adapters.which')}>
      {adapters.map((adapter) => {
        const { id, name } = adapter;
        const own = used.find((one) => one.id === id);
        // Two bases have different places: only adapters of one can be added up.
        const isOther = base !== undefined && adapter.base !== undefined && adapter.base !== base;
        const facts = [adapter.subject, adapter.method, modelName(adapter.base ?? '')]
          .filter(Boolean)
          .join(' · ');
        return (
          <li key={id} className={styles.one}>
            <CheckField
              label={
                <>
                  {name} <span className={styles.fact}>{facts}</span>
                </>
              }
              checked={own !== undefined}
              disabled={isOther && own === undefined}
              onChange={({ target: { checked } }) =>
                onChange(
                  checked ? [...used, { id, strength: 1 }] : used.filter((one) => one.id !== id),
                )
              }
            />
            {own !== undefined && (
              <div className={styles.strength}>
                <NumberSlider
                  label={t('adapters.strength')}
                  value={own.strength}
                  min={-0.5}
                  max={1.5}
                  step={0.05}
                  onChange={(strength) =>
                    onChange(used.map((one) => (one.id === id ? { id, strength } : one)))
                  }
                />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** @file The adapters that draw, each with its strength. */
import type { AdapterSummary } from '../../../../src/studio/interface/adapter-operations.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { NumberSlider } from '../../../parts/controls/number-slider.tsx';
import { useNow } from '../../../parts/use-now.ts';
import { type Formats, useWords } from '../../../words/use-words.tsx';
import { type Draft, strengthMax, strengthMin } from '../draft/draft.ts';
import type { ChangeDraft } from '../draft/use-drawing-draft.ts';
import styles from './form.module.css';

interface AdapterFieldsProps {
  readonly draft: Draft;
  readonly change: ChangeDraft;
  /** All that there are. */
  readonly adapters: readonly AdapterSummary[];
  readonly onSweep: (adapter: string) => void;
}

export function AdapterFields({ draft, change, adapters, onSweep }: AdapterFieldsProps) {
  const { t, formats } = useWords();
  const now = useNow(60_000);
  const { adapters: used } = draft;
  const nameOf = (id: string) => {
    const adapter = adapters.find((each) => each.id === id);
    return adapter === undefined ? id : nameAmong(adapter, adapters, { formats, now });
  };
  const left = adapters.filter(
    ({ id, problem }) => problem === undefined && !used.some((each) => each.id === id),
  );
  const setStrength = (id: string, strength: number) =>
    change({ adapters: used.map((each) => (each.id === id ? { id, strength } : each)) });
  const addOne = (id: string) => {
    const { prompts } = draft;
    const { subject } = adapters.find((each) => each.id === id) ?? {};
    const isEmpty = prompts.every((prompt) => prompt.trim() === '');
    change({
      adapters: [...used, { id, strength: 1 }],
      ...(isEmpty && subject !== undefined ? { prompts: ['a {subject}'] } : {}),
    });
  };
  return (
    <fieldset className={styles.adapters}>
      <legend className={styles.legend}>{t('generate.adapters')}</legend>
      {used.map(({ id, strength }) => (
        <div key={id} className={styles.adapter}>
          <NumberSlider
            label={nameOf(id)}
            value={strength}
            min={strengthMin}
            max={strengthMax}
            step={0.05}
            marks={[0, 1]}
            usual={1}
            isStacked
            onChange={(value) => setStrength(id, value)}
            valueText={t('generate.strength-of', { strength: formats.short(strength) })}
          />
          <Button
            kind="quiet"
            aria-label={t('generate.sweep-of', { name: nameOf(id) })}
            title={t('generate.sweep-hint')}
            onClick={() => onSweep(id)}
          >
            {t('generate.sweep')}
          </Button>
          <Button
            kind="quiet"
            icon="close"
            aria-label={t('generate.adapter-remove', { name: nameOf(id) })}
            onClick={() => change({ adapters: used.filter((each) => each.id !== id) })}
          />
        </div>
      ))}
      {adapters.length === 0 && <p className={styles.quiet}>{t('generate.no-adapters')}</p>}
      {left.length > 0 && (
        <div className={styles.add}>
          <select
            aria-label={t('generate.adapter-add')}
            value=""
            className={styles.select}
            onChange={({ target }) => addOne(target.value)}
          >
            <option value="" disabled>
              {t('generate.adapter-add')}
            </option>
            {left.map((adapter) => (
              <option key={adapter.id} value={adapter.id}>
                {nameAmong(adapter, adapters, { formats, now })}
                {adapter.subject === undefined ? '' : ` · ${adapter.subject}`}
              </option>
            ))}
          </select>
        </div>
      )}
    </fieldset>
  );
}

/** Where several have a name, when each was made and the end of its id tell them apart. */
function nameAmong(
  { id, name, changed }: AdapterSummary,
  all: readonly AdapterSummary[],
  { formats, now }: { readonly formats: Formats; readonly now: number },
): string {
  const isAlone = all.filter((each) => each.name === name).length === 1;
  return isAlone ? name : `${name} (${formats.ago(changed, now)}, ${id.slice(-4)})`;
}

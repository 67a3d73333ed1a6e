/** @file For which model, at which size and in which proportions pictures are shown cut. */
import { useLook } from '../../backend/use-look.ts';
import { CheckField, SelectField } from '../../parts/controls/field.tsx';
import { useWords } from '../../words/use-words.tsx';
import styles from './cutting-choice.module.css';
import type { CuttingState } from './use-cutting.ts';

/** Of the side that a model was made for. */
const shares = [0.5, 0.75, 1, 1.5];

export function CuttingChoice({ cutting, change }: CuttingState) {
  const { t } = useWords();
  const { data: all = [] } = useLook('bases.list', {});
  // Of other models nobody has looked into the sizes.
  const bases = all.filter(({ isFound }) => !isFound);
  const base = bases.find(({ name }) => name === (cutting.base ?? 'pocket'));
  const native = base?.size ?? 0;
  const sides = [
    ...new Set([...shares.map((share) => share * native), cutting.resolution ?? native]),
  ];
  return (
    <section className={styles.choice}>
      <div className={styles.head}>
        <h2>{t('pictures.cutting')}</h2>
        <p>{t('pictures.cutting-hint')}</p>
      </div>
      <SelectField
        label={t('pictures.base')}
        title="base"
        value={cutting.base ?? 'pocket'}
        onChange={({ target }) => change({ base: target.value, resolution: undefined })}
      >
        {bases.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('pictures.side')}
        title="resolution"
        value={cutting.resolution ?? native}
        onChange={({ target }) => change({ resolution: Number(target.value) })}
      >
        {sides
          .sort((a, b) => a - b)
          .map((side) => (
            <option key={side} value={side}>
              {side === native
                ? t('pictures.side-native', { side })
                : t('pictures.side-of', { side })}
            </option>
          ))}
      </SelectField>
      <CheckField
        label={t('pictures.keep')}
        title="buckets"
        checked={cutting.buckets ?? false}
        onChange={({ target }) => change({ buckets: target.checked || undefined })}
      />
    </section>
  );
}

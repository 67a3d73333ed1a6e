/** @file The settings behind "More", and behind "All": as the form of generating has them. */
import type { FormField } from '../../../../src/studio/interface/form-operations.ts';
import { useLook } from '../../../backend/use-look.ts';
import { SelectField } from '../../../parts/controls/field.tsx';
import { type PlainWordKey, useWords } from '../../../words/use-words.tsx';
import type { Draft } from '../draft/draft.ts';
import type { ChangeDraft } from '../draft/use-drawing-draft.ts';
import styles from './form.module.css';
import { GenerateSetting } from './generate-setting.tsx';

/** What they are called here, in this order; the others, behind "All", are called by their own names. */
const labels: Readonly<Record<string, PlainWordKey>> = {
  steps: 'generate.steps',
  guidance: 'generate.guidance',
  sampler: 'generate.sampler',
  width: 'generate.width',
  height: 'generate.height',
  strength: 'generate.strength',
  upscale: 'generate.upscale',
  device: 'generate.device',
};
/** Have places of their own. */
const elsewhere = new Set(['prompt', 'negative', 'seed', 'count', 'base', 'noise']);

interface MoreFieldsProps {
  readonly fields: readonly FormField[];
  readonly draft: Draft;
  readonly change: ChangeDraft;
}

export function MoreFields({ fields, draft, change }: MoreFieldsProps) {
  const { t } = useWords();
  const { data: bases = [] } = useLook('bases.list', {});
  const named = Object.keys(labels).flatMap((key) => fields.find((each) => each.key === key) ?? []);
  const unnamed = fields.filter(({ key }) => !elsewhere.has(key) && !Object.hasOwn(labels, key));
  const { base, others } = draft;
  const field = (each: FormField) => {
    const label = labels[each.key];
    return (
      <GenerateSetting
        key={each.key}
        field={each}
        label={label === undefined ? each.key : t(label)}
        {...(label === undefined ? { hint: each.description } : {})}
        usual={t('generate.usual')}
        value={others[each.key]}
        onChange={(value) => {
          const { [each.key]: _, ...rest } = others;
          change({ others: value === undefined ? rest : { ...rest, [each.key]: value } });
        }}
      />
    );
  };
  return (
    <div className={styles.more}>
      <div className={styles.grid}>{named.map(field)}</div>
      <SelectField
        label={t('generate.base')}
        title="base"
        value={base ?? ''}
        onChange={({ target }) => change({ base: target.value || undefined })}
      >
        <option value="">{t('generate.base-usual')}</option>
        {bases
          .filter(({ isHere }) => isHere)
          .map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
      </SelectField>
      <details>
        <summary className={styles.summary}>{t('generate.all')}</summary>
        <div className={styles.all}>{unnamed.map(field)}</div>
      </details>
    </div>
  );
}

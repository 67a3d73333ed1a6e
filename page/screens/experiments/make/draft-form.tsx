/** @file The form of a new experiment: what learns what, what varies, how often. */
import type { ReactNode } from 'react';
import { useLook } from '../../../backend/use-look.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { SelectField, TextField } from '../../../parts/controls/field.tsx';
import { NumberSlider } from '../../../parts/controls/number-slider.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { CheckChips } from './check-chips.tsx';
import styles from './draft-form.module.css';
import { bundledStart, type SweepDraft } from './sweep-draft.ts';
import { VariedSettings } from './varied-settings.tsx';

interface DraftFormProps {
  readonly draft: SweepDraft;
  /** Whether the file was typed, so that the form no longer writes it. */
  readonly isTyped: boolean;
  readonly onChange: (draft: SweepDraft) => void;
  /** Takes a whole file; undefined gives it back to the form. */
  readonly onSource: (source: string | undefined) => void;
}

const most = { steps: 2000, seeds: 5, prompts: 25, pictures: 8 };

export function DraftForm({ draft, isTyped, onChange, onSource }: DraftFormProps) {
  const { t } = useWords();
  const { data: form } = useLook('forms.get', { form: 'train' });
  const { data: bases = [] } = useLook('bases.list', {});
  const set = (change: Partial<SweepDraft>) => onChange({ ...draft, ...change });
  const methods = Object.keys(form?.methods ?? { krona: [] });
  return (
    <div className={styles.form}>
      <Bundled onSource={onSource} />
      {isTyped ? (
        <div className={styles.typed}>
          <p>{t('experiments.typed')}</p>
          <Button onClick={() => onSource(undefined)}>{t('experiments.typed-back')}</Button>
        </div>
      ) : (
        <>
          <TextField
            label={t('experiments.question')}
            placeholder={t('experiments.untitled')}
            value={draft.title}
            maxLength={200}
            onChange={({ target }) => set({ title: target.value })}
          />
          <SelectField
            label={t('experiments.base')}
            value={draft.base}
            onChange={({ target }) => set({ base: target.value })}
          >
            {[
              ...new Set([
                draft.base,
                ...bases.filter(({ isFound }) => !isFound).map(({ name }) => name),
              ]),
            ].map((name) => (
              <option key={name} value={name}>
                {bases.find((base) => base.name === name)?.title ?? name}
              </option>
            ))}
          </SelectField>
          <Subjects draft={draft} onChange={(subjects) => set({ subjects })} />
          <CheckChips
            label={t('experiments.methods')}
            options={methods.map((name) => ({ value: name, label: name }))}
            chosen={draft.methods}
            onChange={(chosen) => set({ methods: chosen, options: {} })}
          />
          <VariedSettings draft={draft} form={form} onChange={(varied) => set({ varied })} />
          <Amounts>
            <NumberSlider
              label={t('experiments.steps')}
              min={1}
              max={Math.max(most.steps, Number(draft.train.steps))}
              value={Number(draft.train.steps ?? 1)}
              onChange={(steps) => set({ train: { ...draft.train, steps } })}
            />
            {(['seeds', 'prompts', 'pictures'] as const).map((key) => (
              <NumberSlider
                key={key}
                label={t(`experiments.${key}`)}
                min={1}
                max={most[key]}
                value={draft[key]}
                onChange={(value) => set({ [key]: value })}
              />
            ))}
          </Amounts>
        </>
      )}
    </div>
  );
}

function Amounts({ children }: { children: ReactNode }) {
  const { t } = useWords();
  return (
    <fieldset className={styles.amounts}>
      <legend>{t('experiments.amounts')}</legend>
      {children}
    </fieldset>
  );
}

function Subjects({
  draft,
  onChange,
}: {
  draft: SweepDraft;
  onChange: (subjects: SweepDraft['subjects']) => void;
}) {
  const { t } = useWords();
  const { data: datasets } = useLook('datasets.list', {});
  const known =
    datasets ??
    draft.subjects.map(({ dataset, className }) => ({
      ...{ id: dataset, className, name: dataset.replace(bundledStart, '') },
    }));
  const choose = (chosen: readonly string[]) =>
    onChange(
      chosen.map((id) => ({
        dataset: id,
        className: known.find((one) => one.id === id)?.className,
      })),
    );
  return (
    <CheckChips
      label={t('experiments.subjects')}
      options={known.map(({ id, name }) => ({ value: id, label: name }))}
      chosen={draft.subjects.map(({ dataset }) => dataset)}
      onChange={choose}
    />
  );
}

/** Experiments that came with the package, to begin with. */
function Bundled({ onSource }: { onSource: (source: string) => void }) {
  const { t } = useWords();
  const { data: bundled = [] } = useLook('sweeps.bundled', {});
  return (
    <SelectField
      label={t('experiments.bundled')}
      value=""
      onChange={({ target }) => {
        const found = bundled.find(({ name }) => name === target.value);
        if (found !== undefined) onSource(found.source);
      }}
    >
      <option value="">{t('experiments.bundled-none')}</option>
      {bundled.map(({ name, title, item }) => (
        <option key={name} value={name}>
          {item === undefined ? title : `${item}: ${title}`}
        </option>
      ))}
    </SelectField>
  );
}

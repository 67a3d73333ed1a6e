/** @file What all pictures of a comparison share, but for what its axes change. */
import type { ComparisonRequest } from '../../../../src/studio/interface/comparison-operations.ts';
import { useLook } from '../../../backend/use-look.ts';
import { SelectField, TextArea, TextField } from '../../../parts/controls/field.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { isComparable, type Known } from '../request/usual-comparison.ts';
import styles from './shared-fields.module.css';
import { useAxisWords } from './use-axis-words.ts';

interface SharedFieldsProps {
  readonly request: ComparisonRequest;
  readonly known: Known;
  readonly onChange: (request: ComparisonRequest) => void;
  readonly onRun: (id: string | undefined) => void;
}

const numbers = ['seed', 'steps', 'guidance', 'strength'] as const;

export function SharedFields({ request, known, onChange, onRun }: SharedFieldsProps) {
  const { t } = useWords();
  const { nameOf } = useAxisWords();
  const { x, y, z, run, shared } = request;
  const { settings } = shared;
  const isFree = (name: string) => ![x, y, z].some((axis) => axis?.name === name);
  const set = (name: string, value: string | number | undefined) => {
    const { [name]: _, ...others } = settings;
    const changed = value === undefined ? others : { ...others, [name]: value };
    onChange({ ...request, shared: { ...shared, settings: changed } });
  };
  return (
    <div className={styles.shared}>
      {isFree('prompt') && (
        <div className={styles.prompt}>
          <TextArea
            label={nameOf('prompt')}
            rows={2}
            value={textOf(settings.prompt)}
            onChange={({ target }) => set('prompt', target.value)}
          />
        </div>
      )}
      {isFree('run') && (
        <SelectField
          label={nameOf('run')}
          value={run ?? ''}
          onChange={({ target }) => onRun(target.value || undefined)}
        >
          <option value="">{t('compare.no-run')}</option>
          {known.runs.filter(isComparable).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      {run === undefined && isFree('run') && shared.adapters.length === 0 && (
        <BaseField
          base={shared.base ?? 'pocket'}
          onChange={(base) => onChange({ ...request, shared: { ...shared, base } })}
        />
      )}
      <details className={styles.more}>
        <summary>{t('compare.shared')}</summary>
        <div className={styles.shared}>
          {numbers.filter(isFree).map((name) => (
            <TextField
              key={name}
              label={nameOf(name)}
              title={name}
              type="number"
              step="any"
              placeholder={t('compare.as-usual')}
              value={textOf(settings[name])}
              onChange={({ target }) =>
                set(name, Number.isNaN(target.valueAsNumber) ? undefined : target.valueAsNumber)
              }
            />
          ))}
        </div>
      </details>
    </div>
  );
}

function textOf(value: unknown): string {
  return value === undefined ? '' : String(value);
}

function BaseField({ base, onChange }: { base: string; onChange: (base: string) => void }) {
  const { t } = useWords();
  const { data: bases = [] } = useLook('bases.list', {});
  const here = bases.filter(({ isHere }) => isHere);
  return (
    <SelectField
      label={t('compare.base')}
      value={base}
      onChange={({ target }) => onChange(target.value)}
    >
      {here.map(({ name, title }) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
      {!here.some(({ name }) => name === base) && <option value={base}>{base}</option>}
    </SelectField>
  );
}

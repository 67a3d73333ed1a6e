/** @file What is compared: one click, or axis by axis. */
import { useState } from 'react';
import type {
  Axis,
  ComparisonRequest,
} from '../../../src/studio/interface/comparison-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { Button } from '../../parts/controls/button.tsx';
import { useWords } from '../../words/use-words.tsx';
import { AxisEditor } from './axes/axis-editor.tsx';
import { SharedFields } from './axes/shared-fields.tsx';
import { useAxisWords } from './axes/use-axis-words.ts';
import styles from './comparison-form.module.css';
import { useKnown } from './request/use-known.ts';
import { preset, presetNames } from './request/usual-comparison.ts';

interface ComparisonFormProps {
  readonly request: ComparisonRequest;
  readonly onChange: (request: ComparisonRequest) => void;
}

export function ComparisonForm({ request, onChange }: ComparisonFormProps) {
  const { t } = useWords();
  const { nameOf } = useAxisWords();
  // On a phone the pictures come first.
  const [isOpen, setOpen] = useState(() => window.matchMedia('(width >= 720px)').matches);
  const { data: form } = useLook('forms.get', { form: 'generate' });
  const { x, y, z, run } = request;
  const axes = [x, y, ...(z === undefined ? [] : [z])];
  const ofAxis = axes.find(({ name }) => name === 'run')?.values ?? [];
  const known = useKnown([...(run === undefined ? [] : [run]), ...ofAxis.map(String)]);
  if (known === undefined || form === undefined) return null;
  const editor = (place: 'x' | 'y' | 'z', label: string) => (
    <AxisEditor
      label={label}
      axis={request[place]}
      isOptional={place === 'z'}
      taken={axes.filter((axis) => axis !== request[place]).map(({ name }) => name)}
      known={known}
      fields={form.fields}
      onChange={(axis) => onChange(withAxis(request, place, axis))}
    />
  );
  const presets = presetNames.flatMap((name) => {
    const asked = preset(name, known);
    return asked === undefined ? [] : [{ name, asked }];
  });
  return (
    <div className={styles.form}>
      <div className={styles.presets}>
        {presets.map(({ name, asked }) => (
          <Button key={name} onClick={() => onChange(asked)}>
            {t(`compare.preset.${name}`)}
          </Button>
        ))}
      </div>
      <details
        className={styles.panel}
        open={isOpen}
        onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      >
        <summary>{axes.map(({ name }) => nameOf(name)).join(' × ')}</summary>
        <div className={styles.axes}>
          {editor('x', t('compare.columns'))}
          {editor('y', t('compare.rows'))}
          {editor('z', t('compare.slider'))}
        </div>
        <SharedFields
          request={request}
          known={known}
          onChange={onChange}
          onRun={(id) => onChange(withRun(request, id))}
        />
      </details>
    </div>
  );
}

/** A prompt that is an axis no more is shared, and one that becomes an axis is shared no more. */
function withAxis(
  request: ComparisonRequest,
  place: 'x' | 'y' | 'z',
  axis: Axis | undefined,
): ComparisonRequest {
  const { [place]: before, ...others } = request;
  const { shared } = request;
  const { [axis?.name ?? '']: _, ...settings } = shared.settings;
  const isLost = before?.name === 'prompt' && axis?.name !== 'prompt';
  const prompt = isLost ? { prompt: before.values[0] ?? '' } : {};
  const changed = { ...others, shared: { ...shared, settings: { ...settings, ...prompt } } };
  // Only the third may be left out.
  return (axis === undefined ? changed : { ...changed, [place]: axis }) as ComparisonRequest;
}

/** Its steps are other ones, of which the grid says which are not kept. */
function withRun(request: ComparisonRequest, run: string | undefined): ComparisonRequest {
  const { run: _, shared, ...others } = request;
  const { base: __, ...withoutBase } = shared;
  return run === undefined
    ? { ...others, shared: { base: 'pocket', ...withoutBase } }
    : { ...others, run, shared: withoutBase };
}

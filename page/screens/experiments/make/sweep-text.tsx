/** @file The file of a new experiment, to be changed by hand; below it what is wrong, or how much it is. */
import { useRef } from 'react';
import type {
  SweepCheck,
  SweepFigures,
  SweepProblem,
} from '../../../../src/studio/interface/experiment-operations.ts';
import { Field } from '../../../parts/controls/field.tsx';
import { FigureList } from '../../../parts/figure-list.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './sweep-text.module.css';

interface SweepTextProps {
  readonly source: string;
  readonly check: SweepCheck | undefined;
  readonly isChecking: boolean;
  readonly onChange: (source: string) => void;
}

export function SweepText({ source, check, isChecking, onChange }: SweepTextProps) {
  const { t } = useWords();
  const area = useRef<HTMLTextAreaElement>(null);
  const show = (line: number) => {
    const before = source
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length;
    const start = line === 1 ? 0 : before + 1;
    const end = source.indexOf('\n', start);
    area.current?.focus();
    area.current?.setSelectionRange(start, end === -1 ? source.length : end);
  };
  const problems = check?.problems ?? [];
  return (
    <div className={styles.text}>
      <Field label={t('experiments.file')} hint={t('experiments.file-hint')}>
        {(attributes) => (
          <textarea
            {...attributes}
            ref={area}
            className={styles.area}
            aria-invalid={problems.length > 0}
            rows={Math.min(32, Math.max(14, source.split('\n').length + 1))}
            wrap="off"
            spellCheck={false}
            autoCapitalize="none"
            autoComplete="off"
            value={source}
            onChange={({ target }) => onChange(target.value)}
          />
        )}
      </Field>
      <div className={styles.found} aria-busy={isChecking} aria-live="polite">
        {problems.map((problem) => (
          <Problem key={problem.message} problem={problem} onShow={show} />
        ))}
        {check?.plan !== undefined && <Figures plan={check.plan} />}
        {check === undefined && <p className={styles.quiet}>{t('experiments.counting')}</p>}
      </div>
    </div>
  );
}

function Problem({
  problem: { message, line },
  onShow,
}: {
  problem: SweepProblem;
  onShow: (line: number) => void;
}) {
  const { t } = useWords();
  // Lists of what there is are long, and seldom needed.
  const [, said = message, known] = /^(.*) \((there are .*)\)$/s.exec(message) ?? [];
  return (
    <div className={styles.problem}>
      <Icon name="warning" />
      <p>
        {line !== undefined && (
          <button type="button" className={styles.line} onClick={() => onShow(line)}>
            {t('experiments.line', { line })}
          </button>
        )}
        <span lang="en">{said}</span>
      </p>
      {known !== undefined && (
        <p lang="en" className={styles.known}>
          {known}
        </p>
      )}
    </div>
  );
}

function Figures({ plan }: { plan: SweepFigures }) {
  const { t, formats } = useWords();
  const { trainings, steps, pictures, seconds, memoryBytes, diskBytes, variants, tooLarge } = plan;
  const figures: readonly (readonly [string, string])[] = [
    [t('experiments.fact.tasks'), formats.number(plan.tasks)],
    [t('experiments.fact.trainings'), t('experiments.fact.steps', { trainings, steps })],
    [t('experiments.fact.pictures'), formats.number(pictures)],
    ...known(t('experiments.fact.time'), seconds, (value) =>
      t('experiments.fact.about', { time: formats.duration(value) }),
    ),
    ...known(t('run.memory'), memoryBytes, formats.bytes),
    ...known(t('experiments.fact.disk'), diskBytes, formats.bytes),
  ];
  return (
    <>
      <FigureList figures={figures} />
      {tooLarge.length > 0 && (
        <Notice>{t('experiments.too-large', { names: formats.list(tooLarge) })}</Notice>
      )}
      <details className={styles.variants}>
        <summary>{t('experiments.variants', { n: variants.length })}</summary>
        <ul>
          {variants.map(({ name, parameters }) => (
            <li key={name}>
              <span>{name}</span>
              {parameters !== undefined && (
                <span className={styles.quiet}>
                  {t('experiments.parameters', { n: parameters })}
                </span>
              )}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

/** A figure, where it is known. */
function known(
  name: string,
  value: number | undefined,
  format: (value: number) => string,
): readonly (readonly [string, string])[] {
  return value === undefined ? [] : [[name, format(value)]];
}

/** @file What a training will be: figures that keep their places, what keeps it from beginning, the command for it. */
import type {
  Problem,
  TrainFigures,
  TrainPreview,
} from '../../../src/studio/interface/form-operations.ts';
import { usePlace } from '../../backend/place.ts';
import { useLook } from '../../backend/use-look.ts';
import { classNames } from '../../parts/class-names.ts';
import { CopyLine } from '../../parts/controls/copy-line.tsx';
import { FailureText } from '../../parts/words/failure-text.tsx';
import { useSaying } from '../../parts/words/failure-words.ts';
import { useWords } from '../../words/use-words.tsx';
import styles from './plan-panel.module.css';

interface PlanPanelProps {
  readonly preview: TrainPreview | undefined;
  /** Whether it is of what the form says now. */
  readonly isCurrent: boolean;
}

export function PlanPanel({ preview, isCurrent }: PlanPanelProps) {
  const { t } = useWords();
  const place = usePlace();
  return (
    <section className={styles.panel} aria-label={t('train.plan')} aria-busy={!isCurrent}>
      <h2>{t('train.plan')}</h2>
      <dl className={classNames(styles.figures, !isCurrent && styles.old)}>
        <Figures plan={preview?.plan} isReckoning={preview === undefined || preview.isReckoning} />
      </dl>
      {place === 'server' && (
        <>
          <h3>{t('train.command')}</h3>
          <CopyLine text={preview?.command ?? '…'} />
        </>
      )}
    </section>
  );
}

function Figures({ plan, isReckoning }: { plan: TrainFigures | undefined; isReckoning: boolean }) {
  const { t, formats } = useWords();
  const { data: session } = useLook('session.get', {});
  const unknown = isReckoning ? t('train.reckoning') : t('train.unknown');
  const all = session?.machine.memoryBytes ?? Number.POSITIVE_INFINITY;
  const facts = [
    [t('train.parameters'), plan && sites(plan)],
    [t('train.file'), plan && file(plan)],
    [t('train.time'), plan?.seconds === undefined ? undefined : time(plan.seconds, plan)],
    [t('train.memory'), plan?.memoryBytes === undefined ? undefined : memory(plan.memoryBytes)],
    [t('train.disk'), plan && formats.bytes(plan.diskBytes)],
  ] as const;
  return facts.map(([name, value]) => (
    <div key={name}>
      <dt>{name}</dt>
      <dd className={value === undefined ? styles.unknown : undefined}>{value ?? unknown}</dd>
    </div>
  ));

  function sites({ parameters, sites: n }: TrainFigures): string {
    return t('train.sites', { parameters, n });
  }
  function file({ fileBytes: { f32, f16 } }: TrainFigures): string {
    return t('train.file-sizes', { full: formats.bytes(f32), half: formats.bytes(f16) });
  }
  function time(seconds: number, { isMeasured }: TrainFigures): string {
    const words = formats.duration(seconds);
    return t(isMeasured ? 'train.time-measured' : 'train.time-about', { time: words });
  }
  function memory(bytes: number): string {
    const own = formats.bytes(bytes);
    if (bytes <= all) return t('train.memory-fits', { bytes: own });
    return t('train.memory-large', { bytes: own, all: formats.bytes(all) });
  }
}

interface ProblemListProps {
  readonly problems: readonly Problem[];
  /** What people call a setting. */
  readonly labelOf: (key: string) => string;
  readonly onGoTo: (key: string) => void;
}

type ProblemTextProps = Omit<ProblemListProps, 'problems'> & { readonly problem: Problem };

function ProblemText({ problem, labelOf, onGoTo }: ProblemTextProps) {
  const saying = useSaying();
  const { key } = problem;
  if (key === undefined) return <FailureText failure={problem} />;
  return (
    <button type="button" className={styles.goTo} onClick={() => onGoTo(key)}>
      <strong>{labelOf(key)}</strong> {saying(problem)}
    </button>
  );
}

/** Each leads to its field. */
export function ProblemList({ problems, labelOf, onGoTo }: ProblemListProps) {
  const { t } = useWords();
  const blocking = problems.filter(({ isBlocking }) => isBlocking);
  return (
    <div className={styles.problems} role="status">
      {blocking.length > 0 && <p>{t('train.problems', { n: blocking.length })}</p>}
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.code} ${problem.key}`}>
            <ProblemText problem={problem} labelOf={labelOf} onGoTo={onGoTo} />
          </li>
        ))}
      </ul>
    </div>
  );
}

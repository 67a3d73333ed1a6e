/** @file The report of an experiment inside the page: in a frame that can ask for nothing. */
import type { SweepDetail } from '../../../../src/studio/interface/experiment-operations.ts';
import { useStudio } from '../../../backend/studio-provider.tsx';
import { useFramedReport } from '../../../backend/use-look.ts';
import { EmptyState } from '../../../parts/empty-state.tsx';
import { ErrorNotice, Notice } from '../../../parts/notice.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './sweep-report.module.css';

export function SweepReport({
  sweep: { id, title, done, state, reportVersion, reportProblem },
}: {
  sweep: SweepDetail;
}) {
  const { t } = useWords();
  const studio = useStudio();
  if (done === 0 && reportVersion === undefined) return null;
  const address = studio.reportAddress(id);
  const isEnded = state.state !== 'running';
  return (
    <section className={styles.report} aria-label={t('experiments.report')}>
      <header className={styles.head}>
        <h2>{t('experiments.report')}</h2>
        {reportVersion !== undefined && (
          <a href={address} target="_blank" rel="noreferrer">
            {t('experiments.report-alone')}
          </a>
        )}
      </header>
      {reportProblem !== undefined && (
        <Notice>{`${t('experiments.report-problem')} ${reportProblem}`}</Notice>
      )}
      {reportVersion === undefined ? (
        reportProblem === undefined && (
          <EmptyState
            text={isEnded ? t('experiments.report-coming') : t('experiments.report-none')}
          />
        )
      ) : (
        <ReportFrame key={reportVersion} sweep={id} version={reportVersion} title={title} />
      )}
    </section>
  );
}

interface ReportFrameProps {
  readonly sweep: string;
  readonly version: number;
  readonly title: string;
}

function ReportFrame({ sweep, version, title }: ReportFrameProps) {
  const { t } = useWords();
  const { data: content, error } = useFramedReport(sweep, version);
  if (error !== null) return <ErrorNotice error={error} />;
  // Of the same size.
  if (content === undefined) return <div className={styles.frame} />;
  return (
    <iframe
      {...content}
      title={t('experiments.report-of', { title })}
      sandbox="allow-scripts"
      className={styles.frame}
    />
  );
}

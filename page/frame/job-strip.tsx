/** @file At the bottom of every screen: what computes now, and how many trainings wait. */
import { Link } from 'wouter';
import { useLook } from '../backend/use-look.ts';
import { Progress } from '../parts/progress.tsx';
import { useWords } from '../words/use-words.tsx';
import styles from './job-strip.module.css';
import { useWorks, type Work } from './use-works.ts';

/** That have room beside each other. */
const mostShown = 3;

export function JobStrip() {
  const { t } = useWords();
  const works = useWorks();
  const { data: jobs = [] } = useLook('jobs.list', {});
  const waiting = jobs.filter(({ state }) => state === 'waiting').length;
  return (
    <aside aria-label={t('frame.strip')} className={styles.strip}>
      {works.length === 0 && <p className={styles.quiet}>{t('frame.idle')}</p>}
      {works.slice(0, mostShown).map((work) => (
        <RunningWork key={work.to} work={work} />
      ))}
      {waiting > 0 && (
        <Link to="/train" className={styles.waiting}>
          {t('frame.waiting', { n: waiting })}
        </Link>
      )}
    </aside>
  );
}

function RunningWork({ work: { to, name, share, far, secondsLeft } }: { work: Work }) {
  const { t, formats } = useWords();
  return (
    <Link to={to} className={styles.work}>
      <span className={styles.name}>{name}</span>
      <Progress label={name} share={share} />
      <span className={styles.figures}>
        {far}
        {secondsLeft !== undefined && ` · ${t('run.left', { time: formats.clock(secondsLeft) })}`}
      </span>
    </Link>
  );
}

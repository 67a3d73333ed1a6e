/** @file The tasks of an experiment in their order, each with a sign and a word for what it is doing. */
import type { SweepTask } from '../../../../src/studio/interface/experiment-operations.ts';
import { classNames } from '../../../parts/class-names.ts';
import { Icon } from '../../../parts/icon.tsx';
import { Progress } from '../../../parts/progress.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { taskSigns, taskWord } from '../sweep-words.ts';
import styles from './sweep-tasks.module.css';

export function SweepTasks({ tasks }: { tasks: readonly SweepTask[] }) {
  const { t } = useWords();
  if (tasks.length === 0) return null;
  return (
    <section className={styles.tasks} aria-label={t('experiments.tasks')}>
      <h2>{t('experiments.tasks')}</h2>
      <ul className={styles.list}>
        {tasks.map((task) => (
          <li key={task.title} className={classNames(styles.task, styles[task.state])}>
            <Icon name={taskSigns[task.state]} size={18} />
            <Task task={task} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Task({ task }: { task: SweepTask }) {
  const { t } = useWords();
  const { title, state, progress, error, worker } = task;
  return (
    <div className={styles.words}>
      <p className={styles.title}>{title}</p>
      <p className={styles.fact} title={worker}>
        {taskWord(t, task)}
      </p>
      {state === 'running' && (
        <Progress label={title} share={progress && progress.done / progress.total} />
      )}
      {error !== undefined && (
        <p lang="en" className={styles.error}>
          {error}
        </p>
      )}
    </div>
  );
}

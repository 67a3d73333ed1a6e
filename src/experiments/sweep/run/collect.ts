/** @file The results of a sweep out of a store, in the order of its plan: the same whoever found them, and when. */
import { required } from '../../../base/required.ts';
import { mean } from '../../../metrics/cosine.ts';
import type { ResultStore } from '../../store/result-store.ts';
import type { SweepPlan } from '../plan/plan-sweep.ts';
import type { Scores, TaskResult } from '../work/task-result.ts';
import type { ResultCell, SweepResults } from './results.ts';
import { findResult } from './results-in-store.ts';

/** Everything but the pictures. */
export type CollectedResults = Omit<SweepResults, 'sheet'>;

/**
 * Reads the results of all cells.
 *
 * @param reasons why a task has no result, by the key of the task
 */
export async function collectResults(
  { name, spec, subjects, variants, cells, tasks }: SweepPlan,
  store: ResultStore,
  reasons: ReadonlyMap<string, string>,
): Promise<CollectedResults> {
  const found = new Map<string, TaskResult>();
  for (const key of new Set(cells.map((cell) => cell.key))) {
    const result = await findResult(store, key);
    if (result !== undefined) found.set(key, result);
  }
  const taskOf = new Map(tasks.flatMap((task) => task.scorings.map(({ key }) => [key, task.key])));
  const complete: ResultCell[] = [];
  const missing: { cell: string; reason: string }[] = [];
  for (const { key, variant, subject, seed } of cells) {
    const result = found.get(key);
    if (result !== undefined)
      complete.push({ ...{ key, variant, subject, seed }, ...cellOf(result) });
    else {
      const reason = reasons.get(taskOf.get(key) ?? '') ?? 'not done yet';
      missing.push({ cell: `${variants[variant]?.name}, ${subject}, seed ${seed}`, reason });
    }
  }
  const ofSubject = (wanted: string) => complete.find(({ subject }) => subject === wanted);
  const [first] = found.values();
  return {
    ...{ version: '1', name, spec },
    ...(first === undefined ? {} : { encoders: first.encoders }),
    subjects: subjects.map(({ subject, templates }) => ({
      ...{ name: subject.name, className: subject.className, phrase: subject.phrase },
      type: subject.type,
      prompts: [...templates],
      real: found.get(ofSubject(subject.name)?.key ?? '')?.real ?? {},
    })),
    variants: variants.map(({ name: own, case: ofCase, factors, parameters }, index) => {
      const key = complete.find(({ variant }) => variant === index)?.key ?? '';
      return {
        ...{ name: own, case: ofCase, factors },
        ...(parameters === undefined ? {} : { parameters }),
        settings: found.get(key)?.settings ?? {},
      };
    }),
    cells: complete,
    missing,
  };
}

function cellOf({
  prompts,
  drift,
  cost,
}: TaskResult): Pick<ResultCell, 'prompts' | 'drift' | 'cost'> {
  return {
    prompts: prompts.map(({ scores }) => scores),
    ...(drift.length === 0 ? {} : { drift: meanScores(drift.map(({ scores }) => scores)) }),
    cost,
  };
}

/** Mean of every score, to six decimals as the scores themselves. */
function meanScores(rows: readonly Scores[]): Scores {
  const names = Object.keys(required(rows, 0));
  return Object.fromEntries(
    names.map((name) => {
      const value = mean(rows.map((row) => row[name] ?? Number.NaN));
      return [name, Math.round(value * 1e6) / 1e6];
    }),
  );
}

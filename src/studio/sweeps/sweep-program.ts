/** @file The program of the process that reads sweeps and writes reports. */
import { KronaError } from '../../base/errors.ts';
import { writeReport } from '../../experiments/report/write-report.ts';
import { openStore } from '../../experiments/store/open-store.ts';
import { SweepEstimator } from '../../experiments/sweep/plan/estimate.ts';
import { expectedSeconds, workOf } from '../../experiments/sweep/plan/expected.ts';
import {
  outlineSweep,
  planSweep,
  type SweepOutline,
} from '../../experiments/sweep/plan/plan-sweep.ts';
import { writeResults } from '../../experiments/sweep/run/run-sweep.ts';
import { readSpec } from '../../experiments/sweep/spec/read-spec.ts';
import { machineMemory, processEnvironment } from '../../platform/machine.ts';
import { join } from '../../platform/paths.ts';
import { productRate } from '../../runtime/index.ts';
import { withTemporaryFiles } from '../../storage/files/temporary-folder.ts';
import type { SweepFigures } from '../interface/experiment-operations.ts';
import { answerQuestions } from '../processes/answer-questions.ts';
import { sweepNames } from './sweep-folders.ts';
import type { CheckAnswer, SweepAnswer, SweepQuestion } from './sweep-question.ts';
import type { SweepFiles } from './sweep-source.ts';

const estimator = new SweepEstimator(machineMemory());
let rate: Promise<number> | undefined;

answerQuestions<SweepQuestion>(async (question, { signal }): Promise<SweepAnswer> => {
  if (question.ask === 'check') return await checked(question.files);
  const { sweep, store: folder, results, report } = question;
  const hub = { environment: processEnvironment, signal };
  const plan = await planSweep(await readSpec(sweep), { hub });
  const store = await openStore(folder, processEnvironment);
  const { file } = await writeResults(plan, { store, folder: results });
  await writeReport({ results: [file], out: report });
  return null;
});

async function checked(files: SweepFiles): Promise<CheckAnswer> {
  const bytes = Object.entries(files).map(([name, text]) => {
    return [name, new TextEncoder().encode(text)] as const;
  });
  return await withTemporaryFiles(new Map(bytes), async (folder) => {
    try {
      const named = await readSpec(join(folder, sweepNames.sweep));
      const hub = { environment: processEnvironment, offline: true };
      return { problem: undefined, figures: await figuresOf(await outlineSweep(named, { hub })) };
    } catch (error) {
      if (!(error instanceof KronaError)) throw error;
      // The file is the page's: where it was put for the check means nothing to it.
      const problem = error.message
        .replaceAll(join(folder, sweepNames.sweep), '')
        .replaceAll(`${folder}/`, '');
      return { problem: problem.replace(/^[:\s]+/, '') };
    }
  });
}

async function figuresOf(outline: SweepOutline): Promise<SweepFigures> {
  const { tasks, variants, subjects } = outline.plan;
  const isDrawn = tasks.length > 0;
  rate ??= productRate(() => performance.now());
  const estimate = isDrawn ? estimator.estimate(outline) : undefined;
  return {
    ...{ tasks: tasks.length, ...workOf(tasks) },
    subjects: subjects.map(({ subject }) => subject.name),
    variants: variants.map(({ name, parameters }) => ({ name, parameters })),
    seconds: estimate && expectedSeconds(estimate, await rate),
    memoryBytes: estimate?.memoryBytes,
    diskBytes: estimate?.diskBytes,
    tooLarge: (estimate?.tooLarge ?? []).map(({ variant }) => variant),
  };
}

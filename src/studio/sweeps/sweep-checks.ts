/** @file Sweeps read and reports written in a process of its own, so that the server always answers. */
import { ConfigError, KronaError } from '../../base/errors.ts';
import { programBeside } from '../../platform/processes.ts';
import type { SweepCheck } from '../interface/experiment-operations.ts';
import { HelperProcess } from '../processes/helper-process.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { problemLine } from './problem-line.ts';
import type { SweepPaths } from './sweep-folders.ts';
import type { CheckAnswer, SweepQuestion } from './sweep-question.ts';
import { type SweepFiles, sweepFiles } from './sweep-source.ts';

/** Milliseconds without a question after which the process ends. */
const keptOpen = 120_000;

const program = programBeside(import.meta.url, 'sweep-program');

export class SweepChecks implements AsyncDisposable {
  /** One for those who type, and one for what takes longer. */
  readonly #reader = new HelperProcess<SweepQuestion, never, CheckAnswer>({
    ...{ program, idle: keptOpen, writesNothing: true },
  });
  readonly #writer = new HelperProcess<SweepQuestion, never, null>({ program, idle: keptOpen });

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#reader[Symbol.asyncDispose](), this.#writer[Symbol.asyncDispose]()]);
  }

  /** What a sweep would be, or what is wrong with it and in which line. */
  async check(source: string, work: WorkFolder): Promise<SweepCheck> {
    const refused = (message: string): SweepCheck => ({
      problems: [{ message, line: problemLine(message, source) }],
      plan: undefined,
    });
    try {
      const answer = await this.#reader.ask({
        ask: 'check',
        files: await sweepFiles(source, work),
      });
      if (answer.problem !== undefined) return refused(answer.problem);
      return { problems: [], plan: answer.figures };
    } catch (error) {
      if (error instanceof KronaError) return refused(error.message);
      throw error;
    }
  }

  /** @throws ConfigError SWEEP_FILE of files that cannot be begun */
  async require(files: SweepFiles): Promise<void> {
    const answer = await this.#reader.ask({ ask: 'check', files });
    if (answer.problem !== undefined) throw new ConfigError('SWEEP_FILE', answer.problem);
  }

  /** Writes the results so far and the report of them. */
  async report({ sweep, store, place, report }: SweepPaths): Promise<void> {
    const folders = { store, results: place.folder, report };
    await this.#writer.ask({ ask: 'report', sweep, ...folders });
  }
}

/** @file Names that pages give to new runs: of no run that is there, and of none that a job of the queue will make. */
import { ConfigError, type KronaError, RunError } from '../../base/errors.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { longestRunName } from '../operations/input-parts.ts';
import { isPlainName, plainNameRule } from '../work/plain-name.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { readJobs } from './job-file.ts';

/** The folder of a run, from the work folder, with forward slashes. */
export function folderOfRun(name: string): string {
  return `runs/${name}`;
}

/** Names that no new run can have. */
export async function takenRunNames({ runs, queue }: WorkFolder): Promise<readonly string[]> {
  const { jobs } = await readJobs(queue);
  const start = folderOfRun('');
  const coming = jobs
    .map(({ record }) => record.run)
    .filter((folder) => folder.startsWith(start))
    .map((folder) => folder.slice(start.length));
  return [...(await namesIn(runs)), ...coming];
}

/** What is wrong with a name, as an error RUN_NAME or RUN_EXISTS; undefined where nothing is. */
export function runNameError(name: string, taken: readonly string[]): KronaError | undefined {
  if (!isPlainName(name, longestRunName)) {
    return new ConfigError(
      'RUN_NAME',
      `${JSON.stringify(name)} cannot be the name of a run; give ${plainNameRule(longestRunName)}`,
      { details: { name } },
    );
  }
  if (!taken.some((each) => each.toLowerCase() === name.toLowerCase())) return undefined;
  return new RunError(
    'RUN_EXISTS',
    `there is a run ${JSON.stringify(name)} already, or a job that will make it; choose another name`,
    { details: { name } },
  );
}

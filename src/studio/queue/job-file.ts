/** @file A job of the queue as it lies in the work folder: what to do, in what order, and which process began it. */
import * as z from 'zod';
import { RunError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { folderEntries } from '../../storage/files/folder-entries.ts';
import { readJson } from '../../storage/files/json-file.ts';
import { jobRequestSchema } from './job-request.ts';

const version = '1';

const schema = z.strictObject({
  version: z.literal(version),
  request: jobRequestSchema,
  title: z.string(),
  /** Jobs begin in ascending order; one that is moved gets a number between two others. */
  order: z.number(),
  /** Folder of its run, from the work folder, with forward slashes. */
  run: z.string(),
  device: z.string(),
  /** Settings of a new run as they were when the job was added, paths included. */
  settings: z.record(z.string(), z.unknown()).optional(),
  /** Of a new run, whether nobody had made its folder when it was first begun: a run of others is not gone on with. */
  makesRun: z.literal(true).optional(),
  /** Whether the pictures that it draws when it has finished were asked for. */
  drawn: z.literal(true).optional(),
  /** Since it was begun; its process is known a moment later. */
  begun: z
    .strictObject({
      process: z
        .strictObject({ machine: z.string(), pid: z.number(), start: z.number() })
        .optional(),
      /** Known where Studio was there when it ended. */
      ended: z
        .strictObject({ code: z.number().nullable(), signal: z.string().nullable() })
        .optional(),
    })
    .optional(),
});

/** What its file says of a job. */
export type JobRecord = Omit<z.output<typeof schema>, 'version'>;

/** Whether the run in its folder is the job's: one to go on with, or one that it has made. */
export function hasOwnRun({ request, makesRun }: JobRecord): boolean {
  return request.kind === 'resume' || makesRun === true;
}

export interface KeptJob {
  readonly id: string;
  readonly record: JobRecord;
  readonly paths: JobPaths;
}

/** Where things are in the folder of a job. */
export interface JobPaths {
  readonly folder: string;
  readonly job: string;
  /** Settings as the training reads them. */
  readonly settings: string;
  /** What its process says. */
  readonly log: string;
}

export function jobPaths(queue: string, id: string): JobPaths {
  const folder = join(queue, id);
  return {
    folder,
    job: join(folder, 'job.json'),
    settings: join(folder, 'settings.json'),
    log: join(folder, 'log.txt'),
  };
}

/** All jobs of a queue in their order, and what is wrong with files that are none. */
export async function readJobs(
  queue: string,
): Promise<{ readonly jobs: readonly KeptJob[]; readonly problems: readonly string[] }> {
  const entries = await folderEntries(queue).catch(() => []);
  const names = entries.filter(({ isFolder, name }) => isFolder && !name.startsWith('.'));
  const problems: string[] = [];
  const jobs = await Promise.all(
    names.map(async ({ name: id }) => {
      const paths = jobPaths(queue, id);
      try {
        return { id, paths, record: await readRecord(paths.job) };
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
        return undefined;
      }
    }),
  );
  const sound = jobs.filter((job) => job !== undefined);
  return { jobs: sound.sort((a, b) => a.record.order - b.record.order), problems };
}

export async function writeJob({ job }: JobPaths, record: JobRecord): Promise<void> {
  await writeFileAtomic(job, `${JSON.stringify({ version, ...record }, undefined, 2)}\n`);
}

/** Changes what the file of a job says, as it is now: it may have been moved, or removed, since. */
export async function changeJob(
  queue: string,
  id: string,
  change: Partial<JobRecord>,
): Promise<void> {
  const now = await readJob(queue, id);
  if (now !== undefined) await writeJob(now.paths, { ...now.record, ...change });
}

/** A job as it is now; undefined of one that was removed. */
export async function readJob(queue: string, id: string): Promise<KeptJob | undefined> {
  return (await readJobs(queue)).jobs.find((job) => job.id === id);
}

async function readRecord(path: string): Promise<JobRecord> {
  const found = await readJson(path, 'job');
  const parsed = schema.safeParse(found);
  if (!parsed.success) {
    throw new RunError(
      'JOB_INVALID',
      `${path}: ${schemaProblems(schema, found, parsed.error)}; correct it, or remove the folder of the job`,
    );
  }
  const { version: _, ...record } = parsed.data;
  return record;
}

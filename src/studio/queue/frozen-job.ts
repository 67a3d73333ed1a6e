/** @file A request made into a job: checked, with its names and folders decided, so that nothing changes it later. */
import { RunError } from '../../base/errors.ts';
import { formatPlural } from '../../base/quantities.ts';
import { pocketFolder } from '../../data/pocket.ts';
import { readRecommendation } from '../../pipeline/base/recommended/recommendation.ts';
import { join, relative } from '../../platform/paths.ts';
import { resolveConfig } from '../../train/resolve-options.ts';
import { parseSubject } from '../../train/subject-phrase.ts';
import type { TrainConfig, TrainOptions } from '../../train/train-options.ts';
import { datasetFolder } from '../datasets/dataset-folders.ts';
import type { JobRequest } from '../interface/job-operations.ts';
import type { FoundModels } from '../models/found-models.ts';
import type { Runs } from '../runs/runs.ts';
import { requireNoPaths, trainPaths } from '../work/page-settings.ts';
import { freeName } from '../work/plain-name.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import type { JobRecord } from './job-file.ts';
import { folderOfRun, runNameError, takenRunNames } from './run-name.ts';

type TrainRequest = Extract<JobRequest, { readonly kind: 'train' }>;
type ResumeRequest = Extract<JobRequest, { readonly kind: 'resume' }>;

export interface FreezingOptions {
  readonly work: WorkFolder;
  readonly runs: Runs;
  readonly models: FoundModels;
}

/** What its file will say, but for its place. */
export type FrozenJob = Omit<JobRecord, 'order'>;

/**
 * Checks a request and decides what it leaves open.
 *
 * @throws ConfigError of the settings, PATH_FROM_PAGE, RUN_NAME; RunError RUN_EXISTS, RUN_IN_USE
 */
export async function frozenJob(request: JobRequest, options: FreezingOptions): Promise<FrozenJob> {
  return request.kind === 'train'
    ? await training(request, options)
    : await resuming(request, options);
}

async function training(
  request: TrainRequest,
  { work, models }: FreezingOptions,
): Promise<FrozenJob> {
  requireNoPaths(request.settings, trainPaths);
  const settings = await models.placed(request.settings);
  const { folder } = await datasetFolder(work, request.dataset);
  // Its values are checked here; only the names are the type's.
  const given = { ...settings, images: folder, out: work.runs } as TrainOptions;
  const config = await resolved(given);
  const { className } = parseSubject(config.subject, config.class);
  const run = folderOfRun(await runName(request.name, { className, work }));
  return {
    request,
    title: titleOf(className, config),
    run,
    device: config.device,
    settings: { ...settings, images: folder, out: join(work.folder, run) },
  };
}

async function resuming(
  request: ResumeRequest,
  { work, runs }: FreezingOptions,
): Promise<FrozenJob> {
  const { found, record, state } = await runs.get(request.run);
  if (state.state === 'running') {
    throw new RunError(
      'RUN_IN_USE',
      `${found.name} is being trained already; wait until it ends, or stop it`,
      { details: { name: found.name } },
    );
  }
  if (state.state === 'finished' && (request.steps ?? 0) <= state.step) {
    throw new RunError(
      'RUN_FINISHED',
      `${found.name} has made all its ${formatPlural(state.step, 'step')}; give more \`steps\``,
      { details: { name: found.name, steps: String(state.step) } },
    );
  }
  const steps = request.steps ?? record?.config.steps ?? 0;
  return {
    request,
    title: `${found.name}, on to ${formatPlural(steps, 'step')}`,
    run: relative(work.folder, found.folder).replaceAll('\\', '/'),
    device: record?.config.device ?? 'cpu',
  };
}

async function resolved(options: TrainOptions): Promise<TrainConfig> {
  const isBundled = options.base === undefined || options.base === 'pocket';
  // What a model of the hub recommends is known once it is here: the training asks it.
  const none = { train: {}, generate: {}, adapters: {}, methods: {} };
  return resolveConfig(options, isBundled ? await readRecommendation(pocketFolder()) : none);
}

function titleOf(className: string, { adapter, steps }: TrainConfig): string {
  return `${className}, ${adapter}, ${formatPlural(steps, 'step')}`;
}

/** A name that is given has to be free; one that is found gets a number. */
async function runName(
  given: string | undefined,
  { className, work }: { readonly className: string; readonly work: WorkFolder },
): Promise<string> {
  const taken = await takenRunNames(work);
  const name =
    given?.normalize('NFC') ?? freeName(className.replace(/[^\p{L}\p{M}\p{N}]+/gu, '-'), taken);
  const error = runNameError(name, taken);
  if (error !== undefined) throw error;
  return name;
}

/** @file A request made into a job: checked, with its names and folders decided, so that nothing changes it later. */
import { ConfigError, RunError } from '../../base/errors.ts';
import { formatPlural } from '../../base/quantities.ts';
import { pocketFolder } from '../../data/pocket.ts';
import { readRecommendation } from '../../pipeline/base/recommendation.ts';
import { join, relative } from '../../platform/paths.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { isPathName, pathNameRule } from '../../storage/files/path-inside.ts';
import { resolveConfig } from '../../train/resolve-options.ts';
import { parseSubject } from '../../train/subject-phrase.ts';
import type { TrainConfig, TrainOptions } from '../../train/train-options.ts';
import { datasetFolder } from '../datasets/dataset-folders.ts';
import type { JobRequest } from '../interface/job-operations.ts';
import type { Runs } from '../runs/runs.ts';
import { requireNoPaths } from '../work/page-settings.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import type { JobRecord } from './job-file.ts';

type TrainRequest = Extract<JobRequest, { readonly kind: 'train' }>;
type ResumeRequest = Extract<JobRequest, { readonly kind: 'resume' }>;

export interface FreezingOptions {
  readonly work: WorkFolder;
  readonly runs: Runs;
  /** Folders of runs that other jobs will make, from the work folder. */
  readonly reserved: readonly string[];
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

async function training(request: TrainRequest, options: FreezingOptions): Promise<FrozenJob> {
  const { work } = options;
  const { settings } = request;
  requireNoPaths(settings, trainPaths);
  const { folder } = await datasetFolder(work, request.dataset);
  // Its values are checked here; only the names are the type's.
  const given = { ...settings, images: folder, out: work.runs } as TrainOptions;
  const config = await resolved(given);
  const { className } = parseSubject(config.subject, config.class);
  const run = await runFolder(request.name ?? className, request.name !== undefined, options);
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
    throw new RunError('RUN_IN_USE', `${found.name} is being trained already`);
  }
  if (state.state === 'finished' && (request.steps ?? 0) <= state.step) {
    throw new RunError(
      'RUN_FINISHED',
      `${found.name} has made all its ${formatPlural(state.step, 'step')}; give more \`steps\``,
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

/** Of training, what names files or folders. */
const trainPaths = ['images', 'out', 'priorImages', 'init'];

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
async function runFolder(
  name: string,
  isGiven: boolean,
  { work, reserved }: FreezingOptions,
): Promise<string> {
  const plain = isGiven ? name.normalize('NFC') : name.replace(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  if (!isPathName(plain) || plain.includes('/')) {
    throw new ConfigError(
      'RUN_NAME',
      `${JSON.stringify(plain)} cannot be the name of a run; expected one of ${pathNameRule}`,
    );
  }
  const taken = [...(await namesIn(work.runs)).map((each) => `runs/${each}`), ...reserved].map(
    (each) => each.toLowerCase(),
  );
  const isFree = (path: string) => !taken.includes(path.toLowerCase());
  if (isFree(`runs/${plain}`)) return `runs/${plain}`;
  if (isGiven) {
    throw new RunError(
      'RUN_EXISTS',
      `there is a run ${JSON.stringify(plain)} already; choose another name`,
    );
  }
  for (let number = 2; ; number++) {
    if (isFree(`runs/${plain}-${number}`)) return `runs/${plain}-${number}`;
  }
}

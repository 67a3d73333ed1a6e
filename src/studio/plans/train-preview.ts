/** @file A training as the page shows it before it begins: values, figures, what is wrong, and the command for it. */
import { sizeText } from '../../base/byte-size.ts';
import { statfs } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import type {
  Problem,
  ResolvedValue,
  TrainFigures,
  TrainPreview,
} from '../interface/form-operations.ts';
import type { Settings } from '../interface/operation-shapes.ts';
import type { StudioServices } from '../work/studio-services.ts';
import { foundPictures, nameProblem } from './draft-places.ts';
import { measuredStep } from './measured-step.ts';
import type { KnownTraining } from './train-plans.ts';

export interface TrainDraft {
  /** `images` is the id of a data set. */
  readonly settings: Settings;
  readonly name?: string;
}

/** Where the run lies in the command, until it has a name. */
const anyName = 'RUN';

/** Works out a draft; whatever is wrong with it is told, and is no error. */
export async function trainPreview(
  { settings: { images: dataset, ...settings }, name }: TrainDraft,
  studio: StudioServices,
): Promise<TrainPreview> {
  const { plans, host, work } = studio;
  const [{ images, problem }, planned] = await Promise.all([
    foundPictures(dataset, work),
    plans.plan(settings),
  ]);
  const { values, problems, step, isReckoning } = planned;
  const plan = await figuresOf(planned, studio);
  const found = [
    problem,
    await nameProblem(name, work),
    ...problems,
    step?.problem,
    await deviceProblem(values, studio),
    await diskProblem(plan, work.folder),
  ];
  return {
    command: host.commands?.train({ images, ...settings, out: join(work.runs, name ?? anyName) }),
    ...{ values, plan, isReckoning },
    problems: found.filter((each) => each !== undefined),
  };
}

type Values = Readonly<Record<string, ResolvedValue>>;

async function figuresOf(
  { counted, step }: KnownTraining,
  { runs }: StudioServices,
): Promise<TrainFigures | undefined> {
  if (counted === undefined) return undefined;
  const { config, stepKey: _, ...counts } = counted;
  const measured = measuredStep(config, await runs.list());
  const estimated = config.device === 'cpu' ? step?.secondsPerStep : undefined;
  const perStep = measured ?? estimated;
  return {
    ...counts,
    memoryBytes: step?.memoryBytes,
    seconds: perStep === undefined ? undefined : perStep * config.steps,
    isMeasured: measured !== undefined,
  };
}

async function deviceProblem(
  values: Values,
  { devices }: StudioServices,
): Promise<Problem | undefined> {
  const device = values.device?.value;
  if (typeof device !== 'string' || device === 'auto') return undefined;
  const there = await devices();
  if (there.includes(device)) return undefined;
  const message = `${device} does not work on this machine; choose ${there.join(' or ')}`;
  const details = { device, known: there.join(', ') };
  return { code: 'DEVICE_UNAVAILABLE', message, details, key: 'device', isBlocking: true };
}

async function diskProblem(
  plan: TrainFigures | undefined,
  folder: string,
): Promise<Problem | undefined> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (plan === undefined || plan.diskBytes <= free) return undefined;
  const details = { needed: sizeText(plan.diskBytes), free: sizeText(free) };
  const message = `the run takes up to ${details.needed}, and ${details.free} of the disk are free; keep fewer checkpoints, or make room`;
  return { code: 'DISK_FULL', message, details, key: 'keepCheckpoints', isBlocking: false };
}

/** @file Runs as the interface of Studio tells them. */
import { basename, relative } from '../../platform/paths.ts';
import { stepsKept } from '../../train/adapter/step-adapters.ts';
import { runNames } from '../../train/folder/run-folder.ts';
import { datasetFolders } from '../datasets/dataset-folders.ts';
import type { RunDetail, RunSample, RunSummary } from '../interface/run-operations.ts';
import type { FoundModels } from '../models/found-models.ts';
import { pictureId } from '../pictures/picture-id.ts';
import { listedId } from '../work/listed-id.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import type { RunLook } from './known-run.ts';
import { isAskedSample } from './run-journal.ts';
import { secondsLeft } from './time-left.ts';

/** A run in a list. */
export function summaryOf({ found, record, journal, state, changed }: RunLook): RunSummary {
  const { id, name } = found;
  const config = record?.config;
  const steps = config?.steps ?? 0;
  const sample = journal.samples.at(-1);
  const [image] = record?.images ?? [];
  const thumbnail =
    sample === undefined
      ? image && pictureId('trained', id, image)
      : pictureId('sample', id, basename(sample.file));
  const { fromStep = 0 } = journal.started ?? {};
  const made = journal.steps.filter(({ step }) => step > fromStep);
  return {
    ...{ id, name, steps, state, changed, thumbnail },
    subject: config?.subject ?? '',
    base: config?.base ?? '',
    adapter: config?.adapter ?? '',
    secondsLeft: state.state === 'running' ? secondsLeft(made, steps) : undefined,
  };
}

/** What a run is told by. */
interface RunSurroundings {
  readonly work: WorkFolder;
  readonly host: StudioHost;
  readonly models: FoundModels;
}

/** All of a run. */
export async function detailOf(
  look: RunLook,
  { work, host, models }: RunSurroundings,
): Promise<RunDetail> {
  const { found, record, journal, state } = look;
  const { folder } = found;
  const goesOn = record !== undefined && !['finished', 'running'].includes(state.state);
  const adapter = `${pathIn(work, folder)}/${runNames.adapter}`;
  return {
    ...summaryOf(look),
    settings: await models.named({ ...record?.config }),
    dataset: await datasetAt(record?.config.images, work),
    notes: journal.started?.notes ?? [],
    warnings: journal.warnings,
    recovery: state.state === 'running' ? journal.recovery : undefined,
    checkpoints: await stepsKept(folder).catch(() => []),
    samples: samplesOf(look),
    adapterId: state.state === 'finished' ? listedId(adapter, found.name) : undefined,
    resumeCommand: goesOn ? host.commands?.resume(folder) : undefined,
  };
}

async function datasetAt(images: string | undefined, work: WorkFolder) {
  const found = (await datasetFolders(work)).find(({ folder }) => folder === images);
  return found?.id;
}

function samplesOf({ found, journal }: RunLook): readonly RunSample[] {
  return journal.samples.map(({ step, file, prompt }) => ({
    step,
    prompt,
    isAsked: isAskedSample(file),
    picture: pictureId('sample', found.id, basename(file)),
  }));
}

function pathIn({ folder: work }: WorkFolder, folder: string): string {
  return relative(work, folder).replaceAll('\\', '/');
}

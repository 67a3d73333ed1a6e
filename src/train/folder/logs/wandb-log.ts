/** @file A run for Weights & Biases, in a folder as its client makes them offline: `wandb sync` uploads it. */
import { randomHex } from '../../../platform/hashes.ts';
import { basename, join, resolve } from '../../../platform/paths.ts';
import { namesIn } from '../../../storage/files/folders.ts';
import type { TrainConfig } from '../../train-options.ts';
import type { PartOfRun, Report } from './run-log.ts';
import { type WandbFolder, WandbWriter } from './wandb-writer.ts';

/**
 * Begins the folder's file with what was told before, and adds what is told. A part of a run that goes on stays in the
 * folder, and the run there keeps its id: uploaded again, it takes the place of what was uploaded, where files of parts would
 * have to begin after the last step of those before, of which a part may still tell something.
 */
export async function openWandbLog(
  config: TrainConfig,
  { paths, before, fromStep, now }: PartOfRun,
): Promise<Report> {
  const place = (await wandbFolder(paths.wandb)) ?? newFolder(paths.wandb, now());
  const writer = await WandbWriter.open(place, { samples: paths.samples, now });
  for (const event of before) await writer.take(event, fromStep);
  const [first] = before;
  const start = first?.time === undefined ? now() : Date.parse(first.time);
  await writer.begin({ name: basename(resolve(paths.folder)), config, start, fromStep });
  return (event) => writer.tell(event);
}

/** The folder of a run that has one. */
async function wandbFolder(parent: string): Promise<WandbFolder | undefined> {
  for (const name of await namesIn(parent)) {
    const [, id] = /^offline-run-\d{8}_\d{6}-([a-z0-9]+)$/.exec(name) ?? [];
    if (id !== undefined) return { folder: join(parent, name), id };
  }
  return undefined;
}

/** As the client names them, by the second, in UTC. */
function newFolder(parent: string, now: number): WandbFolder {
  const id = randomHex(4);
  const [date = '', time = ''] = new Date(now).toISOString().replaceAll(/[-:]/g, '').split('T');
  return { folder: join(parent, `offline-run-${date}_${time.slice(0, 6)}-${id}`), id };
}

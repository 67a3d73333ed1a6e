/** @file All that operations work with, opened once. A new area adds its service here. */
import { workingDevices } from '../../runtime/index.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { AdapterFiles } from '../adapters/adapter-files.ts';
import { AdapterSummaries } from '../adapters/adapter-summaries.ts';
import { AdapterWorkshop } from '../adapters/adapter-workshop.ts';
import { Comparisons } from '../comparisons/comparisons.ts';
import { ComparisonSheets } from '../comparisons/sheet/sheets.ts';
import { Datasets } from '../datasets/datasets.ts';
import { DrawingLine } from '../drawings/drawing-line.ts';
import { Drawings } from '../drawings/drawings.ts';
import { drawFirst } from '../drawings/first-drawings.ts';
import { Gallery } from '../drawings/gallery.ts';
import type { PictureId } from '../interface/operation-shapes.ts';
import { BroughtFiles } from '../models/brought-files.ts';
import { FoundModels } from '../models/found-models.ts';
import { placeOfPicture } from '../pictures/picture-places.ts';
import { ReceivedPictures } from '../pictures/received-pictures.ts';
import { Thumbnails } from '../pictures/sent-pictures.ts';
import { TrainPlans } from '../plans/train-plans.ts';
import { DeviceTurns } from '../queue/device-turns.ts';
import { Lanes } from '../queue/lanes.ts';
import { Queue } from '../queue/queue.ts';
import { watchRuns } from '../runs/run-watch.ts';
import { Runs } from '../runs/runs.ts';
import { watchSweeps } from '../sweeps/sweep-watch.ts';
import { Sweeps } from '../sweeps/sweeps.ts';
import { EventFeed } from './event-feed.ts';
import { PreferencesFile } from './preferences-file.ts';
import type { StudioHost } from './studio-host.ts';
import { openWorkFolder, type WorkFolder } from './work-folder.ts';

export interface StudioServices extends AsyncDisposable {
  readonly host: StudioHost;
  readonly work: WorkFolder;
  readonly feed: EventFeed;
  readonly preferences: PreferencesFile;
  readonly runs: Runs;
  readonly sweeps: Sweeps;
  readonly adapters: AdapterFiles;
  readonly adapterSummaries: AdapterSummaries;
  readonly adapterWorkshop: AdapterWorkshop;
  readonly models: FoundModels;
  readonly brought: BroughtFiles;
  readonly gallery: Gallery;
  readonly drawings: Drawings;
  readonly plans: TrainPlans;
  readonly comparisons: Comparisons;
  readonly sheets: ComparisonSheets;
  /** The bytes of a picture of whatever kind. @throws ConfigError NOT_HERE */
  readonly readPicture: (id: PictureId) => Promise<Uint8Array>;
  readonly queue: Queue;
  readonly datasets: Datasets;
  readonly thumbnails: Thumbnails;
  readonly received: ReceivedPictures;
  /** Aborted when the server ends: nothing waits longer. */
  readonly ending: AbortSignal;
  /** Devices that compute here, the processor first; tried once. */
  readonly devices: () => Promise<readonly string[]>;
}

/** Opens the work folder and begins to look after what lies in it. */
export async function openStudio(folder: string, host: StudioHost): Promise<StudioServices> {
  const work = await openWorkFolder(folder);
  const feed = new EventFeed();
  const runs = new Runs(work, host);
  const adapters = new AdapterFiles(work, runs);
  const adapterSummaries = new AdapterSummaries();
  const models = new FoundModels(work.models, host.models);
  const gallery = new Gallery(work);
  const readPicture = async (id: PictureId) =>
    await readBytes(await placeOfPicture(id, { work, runs }));
  const lanes = new Lanes(host.lanes);
  const devices: DeviceTurns = new DeviceTurns({
    ...{ runs, lanes },
    sweepOn: (lane) => sweeps.runningOn(lane),
  });
  const ending = new AbortController();
  const sweeps = new Sweeps({ work, runs, feed, host, devices, lanes, ending: ending.signal });
  const drawings = new Drawings({
    ...{ adapters, models, feed, host, readPicture },
    keepPicture: (png, seed) => gallery.keep(png, seed),
    devices,
    line: new DrawingLine(work.drawings),
    wildcards: work.wildcards,
  });
  const plans = new TrainPlans(feed, host);
  const adapterWorkshop = new AdapterWorkshop({
    ...{ work, files: adapters, summaries: adapterSummaries, models, feed, host },
  });
  const brought = new BroughtFiles({
    ...{ work, adapters, workshop: adapterWorkshop, models, feed },
  });
  const comparisons = new Comparisons({
    ...{ work, runs, adapters, models, readPicture, drawings, feed, host },
  });
  const sheets = new ComparisonSheets({ work, runs, comparisons, feed });
  await drawings.takeUp();
  const queue = new Queue({
    ...{ work, runs, models, feed, host, lanes },
    others: {
      computing: () => sweeps.busyDevices(),
      makeRoom: () => drawings.release(),
      onFinished: (job) => drawFirst(job, { adapters, drawings }),
    },
  });
  const watch = watchRuns({ runs, feed, host });
  const thumbnails = new Thumbnails(host);
  const datasets = new Datasets({ work, feed, host, thumbnails });
  const sweepWatch = watchSweeps({ sweeps, feed, host });
  let working: Promise<readonly string[]> | undefined;
  return {
    ...{ host, work, feed, runs, queue, adapters, gallery, drawings, plans, readPicture },
    ...{ adapterSummaries, adapterWorkshop, models, brought },
    ...{ comparisons, sheets },
    ...{ sweeps, ending: ending.signal },
    ...{ thumbnails, datasets },
    received: new ReceivedPictures(),
    preferences: new PreferencesFile(work.preferences),
    devices: () => {
      working ??= workingDevices();
      return working;
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await comparisons[Symbol.asyncDispose]();
      await sheets[Symbol.asyncDispose]();
      await drawings[Symbol.asyncDispose]();
      await plans[Symbol.asyncDispose]();
      await adapterWorkshop[Symbol.asyncDispose]();
      await queue[Symbol.asyncDispose]();
      await watch[Symbol.asyncDispose]();
      await sweepWatch[Symbol.asyncDispose]();
      await sweeps[Symbol.asyncDispose]();
      await lanes[Symbol.asyncDispose]();
    },
  };
}

/** @file Comparisons made into one file to be downloaded, lettered with what their axes are. */
import { keyOf } from '../../../experiments/sweep/plan/key.ts';
import { stat } from '../../../platform/files.ts';
import { join } from '../../../platform/paths.ts';
import { programBeside } from '../../../platform/processes.ts';
import { createFolder } from '../../../storage/files/folders.ts';
import { keepLatestDownloads } from '../../adapters/latest-downloads.ts';
import type {
  Axis,
  ComparisonFile,
  ComparisonRequest,
} from '../../interface/comparison-operations.ts';
import { HelperProcess } from '../../processes/helper-process.ts';
import type { Runs } from '../../runs/runs.ts';
import type { EventFeed } from '../../work/event-feed.ts';
import type { WorkFolder } from '../../work/work-folder.ts';
import type { Comparisons } from '../comparisons.ts';
import type { SheetQuestion } from './sheet-question.ts';

/** Milliseconds for which its process waits for another. */
const keptWaiting = 30_000;

interface Surroundings {
  readonly work: WorkFolder;
  readonly runs: Runs;
  readonly comparisons: Comparisons;
  readonly feed: EventFeed;
}

export class ComparisonSheets implements AsyncDisposable {
  readonly #surroundings: Surroundings;
  readonly #process = new HelperProcess<SheetQuestion, never, null>({
    program: programBeside(import.meta.url, 'sheet-program'),
    idle: keptWaiting,
  });

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Makes the file. The same pictures give the same download again. */
  async make(request: ComparisonRequest, form: 'png' | 'html'): Promise<ComparisonFile> {
    const { work, comparisons, feed } = this.#surroundings;
    const cells = await comparisons.cells(request);
    const paths = await comparisons.pathsOf(cells.flat(2).map(({ key }) => key));
    const words = await this.#words(request);
    const { columns, rows, layers } = words;
    const asked = layers.map((title, layer) => ({
      title,
      rows: rows.map((label, row) => {
        const first = (layer * rows.length + row) * columns.length;
        return { label, pictures: paths.slice(first, first + columns.length) };
      }),
    }));
    const download = keyOf([form, words, paths]);
    const name = `comparison.${form}`;
    const path = join(work.downloads, download, name);
    await keepLatestDownloads(work.downloads);
    await createFolder(join(work.downloads, download));
    await this.#process.ask({ ...words, form, layers: asked, path });
    feed.publish({ type: 'changed', what: 'downloads' });
    return { download, name, bytes: (await stat(path)).size };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }

  async #words({ x, y, z, run, shared }: ComparisonRequest) {
    const names = new Map(
      (await this.#surroundings.runs.find()).map(({ found: { id, name } }) => [id, name]),
    );
    const wordsOf = ({ name, values }: Axis) =>
      values.map((value) =>
        name === 'run' ? (names.get(String(value)) ?? String(value)) : valueWords(name, value),
      );
    const kept = Object.entries({ ...(run && { run: names.get(run) }), ...shared.settings });
    return {
      title: [y, x, ...(z === undefined ? [] : [z])].map(axisWords).join(' × '),
      subtitle: kept.map(([name, value]) => `${name}: ${value}`).join(', '),
      columns: wordsOf(x),
      rows: wordsOf(y),
      layers: z === undefined ? [''] : wordsOf(z),
    };
  }
}

function axisWords({ name }: Axis): string {
  return name === 'checkpoint' ? 'training step' : name;
}

function valueWords(axis: string, value: Axis['values'][number]): string {
  if (axis === 'prompt') return String(value);
  if (axis === 'checkpoint') return value === 0 ? 'without it' : `step ${value}`;
  return value === '' ? `no ${axis}` : `${axis} ${value}`;
}

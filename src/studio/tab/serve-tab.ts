/** @file Studio in a worker of the tab: the routes that a server has, asked by messages of the page. */
import { ownLock } from '../../platform/browser/processes.ts';
import { kindOfPath } from '../../storage/path-kind.ts';
import type { FoundStorage, FromTab, TabRequest, ToTab } from '../interface/over-messages.ts';
import { studioRoutes } from '../server/studio-routes.ts';
import { failureOf } from '../work/failure-of.ts';
import type { StudioHost } from '../work/studio-host.ts';
import { openStudio } from '../work/studio-services.ts';

/** Statuses of answers that have no body. */
const withoutBody = [204, 304];

/** Paths of files that the browser has removed. */
type LostFiles = () => Promise<readonly string[]>;

/** Opens a work folder of the page's files, and answers from then on. What is asked before waits. */
export function serveTab(folder: string, host: StudioHost, lostFiles: LostFiles): void {
  void ownLock.then((lock) => tell({ type: 'begun', lock }));
  // Before anything is made there.
  const finding = foundStorage(folder, lostFiles);
  const opening = finding.then(() => openStudio(folder, host));
  const routes = opening.then((studio) => {
    studio.feed.listen(({ event }) => tell({ type: 'event', event }));
    return studioRoutes(studio);
  });
  Promise.all([finding, routes]).then(
    ([found]) => tell({ type: 'open', found }),
    (error: unknown) => {
      host.log(String(error instanceof Error ? error.stack : error));
      tell({ type: 'failed', ...failureOf(error) });
    },
  );
  const asked = new Map<number, AbortController>();
  addEventListener('message', async ({ data }: MessageEvent<ToTab>) => {
    if (data.type === 'abort') return asked.get(data.id)?.abort();
    const gone = new AbortController();
    asked.set(data.id, gone);
    try {
      const answer = await (await routes).fetch(requestOf(data, gone.signal));
      const body = withoutBody.includes(answer.status) ? undefined : await answer.blob();
      const { id } = data;
      tell({ type: 'answer', id, status: answer.status, headers: [...answer.headers], body });
    } finally {
      asked.delete(data.id);
    }
  });
}

async function foundStorage(folder: string, lostFiles: LostFiles): Promise<FoundStorage> {
  const within = `${folder}/`;
  const lost = await lostFiles();
  return {
    isEmpty: (await kindOfPath(folder)) === 'nothing',
    lost: lost.map((path) => (path.startsWith(within) ? path.slice(within.length) : path)),
  };
}

function tell(message: FromTab): void {
  postMessage(message);
}

function requestOf({ method, address, headers, body }: TabRequest, signal: AbortSignal): Request {
  return new Request(new URL(address, location.origin), {
    ...{ method, signal, headers: headers.map(([name, value]): [string, string] => [name, value]) },
    ...(body !== undefined && { body }),
  });
}

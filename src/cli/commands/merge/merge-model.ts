/** @file `krona merge --adapter`: adapters into a model. */

import { formatBytes, formatPlural } from '../../../base/quantities.ts';
import type { Tolerance } from '../../../exchange/index.ts';
import { type AdapterRequest, formatAdapterRequest } from '../../../generate/adapter-request.ts';
import { chooseAdapters, openAdapters } from '../../../generate/adapters.ts';
import { mergeCheckpoint } from '../../../merge/merge-checkpoint.ts';
import type { MergedDType } from '../../../merge/output-tensor.ts';
import type { MergeEvent } from '../../../merge/write-tensors.ts';
import { baseOfAdapters } from '../../../pipeline/adapters/base-of-adapters.ts';
import { openBaseModel } from '../../../pipeline/base/open-base.ts';
import type { HubHost } from '../../../storage/hub/hub-events.ts';
import { commandLine } from '../../shell/command-line.ts';
import { progressLine } from '../../shell/hub-progress.ts';
import type { Progress } from '../../shell/progress.ts';
import { formatFacts } from '../../words/table.ts';

/** What the command line says. */
export interface MergeFlags {
  readonly adapter: readonly AdapterRequest[];
  readonly base?: string;
  readonly ema?: true;
  readonly out: string;
  readonly dtype?: MergedDType;
  readonly tolerate?: readonly Tolerance[];
  readonly offline?: true;
  readonly quiet?: true;
  readonly json?: true;
}

/** What merging needs of the command. */
export interface MergeWork {
  readonly flags: MergeFlags;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly host: HubHost;
  /** Milliseconds. */
  readonly now: () => number;
}

/** What was done, for people and for programs. */
export interface MergeReport {
  readonly text: string;
  readonly value: unknown;
}

/** Merges into a model. */
export async function mergeModel(work: MergeWork): Promise<MergeReport> {
  const { flags, progress, signal, host } = work;
  const { out, dtype, tolerate = [] } = flags;
  const opened = await openAdapters({ run: undefined, adapter: [...flags.adapter] });
  const named = opened.map(({ request: { file }, opened: { trainedOn } }) => ({ file, trainedOn }));
  const name = flags.base ?? baseOfAdapters(named) ?? 'pocket';
  const base = await openBaseModel(name, host, { ema: flags.ema });
  const chosen = await chooseAdapters(base, opened, { strength: 1, tolerate: [...tolerate] });
  for (const note of [...(base.notes ?? []), ...chosen.notes]) progress.note(note);
  const adapters = chosen.adapters.map((each) => ({ ...each, file: each.request.file }));
  const listener = showWriting(work);
  const { bytes, changed } = await mergeCheckpoint(
    { base, adapters, out, dtype },
    { signal, listener },
  );
  const requests = flags.adapter.map(formatAdapterRequest);
  const facts = [
    ['base', base.name],
    ...requests.map((request) => ['adapter', request] as const),
    ['changed', formatPlural(changed.size, 'weight')],
    ['next', commandLine('generate', '--base', out, '--prompt', 'a sks dog', '--out', 'pictures')],
  ] as const;
  return {
    text: `${out}: ${formatBytes(bytes)} of weights\n${formatFacts(facts)}`,
    value: { out, base: base.name, bytes, changed: changed.size, adapters: flags.adapter },
  };
}

/** The rate is that of all the work so far. */
function showWriting({ progress, now }: MergeWork): (event: MergeEvent) => void {
  const start = now();
  return ({ tensor, doneBytes, totalBytes }) => {
    const seconds = (now() - start) / 1000;
    const bytesPerSecond = seconds > 0 && doneBytes > 0 ? doneBytes / seconds : undefined;
    const secondsLeft = bytesPerSecond && (totalBytes - doneBytes) / bytesPerSecond;
    progress.status(
      progressLine({ file: tensor, doneBytes, totalBytes, bytesPerSecond, secondsLeft }),
    );
  };
}

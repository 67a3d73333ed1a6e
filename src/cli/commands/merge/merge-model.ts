/** @file `krona merge --adapter`: adapters into a model. */
import type { Listener, NoteEvent } from '../../../base/listener.ts';
import { formatBytes, formatPlural } from '../../../base/quantities.ts';
import type { Tolerance } from '../../../exchange/index.ts';
import { type AdapterRequest, formatAdapterRequest } from '../../../generate/adapter-request.ts';
import { mergeIntoModel } from '../../../merge/merge-into-model.ts';
import type { MergedDType } from '../../../merge/output-tensor.ts';
import type { MergeEvent } from '../../../merge/write-tensors.ts';
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
  const { flags, signal, host: hub } = work;
  const { out } = flags;
  const { base, bytes, changed } = await mergeIntoModel(
    { ...flags, adapters: flags.adapter },
    { hub, signal, listener: showWriting(work) },
  );
  const requests = flags.adapter.map(formatAdapterRequest);
  const facts = [
    ['base', base],
    ...requests.map((request) => ['adapter', request] as const),
    ['changed', formatPlural(changed, 'weight')],
    ['next', commandLine('generate', '--base', out, '--prompt', 'a sks dog', '--out', 'pictures')],
  ] as const;
  return {
    text: `${out}: ${formatBytes(bytes)} of weights\n${formatFacts(facts)}`,
    value: { out, base, bytes, changed, adapters: flags.adapter },
  };
}

/** The rate is that of all the work so far. */
function showWriting({ progress, now }: MergeWork): Listener<MergeEvent | NoteEvent> {
  const start = now();
  return (event) => {
    if (event.type === 'note') return progress.note(event.message);
    const { tensor, doneBytes, totalBytes } = event;
    const seconds = (now() - start) / 1000;
    const bytesPerSecond = seconds > 0 && doneBytes > 0 ? doneBytes / seconds : undefined;
    const secondsLeft = bytesPerSecond && (totalBytes - doneBytes) / bytesPerSecond;
    progress.status(
      progressLine({ file: tensor, doneBytes, totalBytes, bytesPerSecond, secondsLeft }),
    );
  };
}

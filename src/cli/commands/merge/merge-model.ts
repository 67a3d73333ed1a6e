/** @file `krona merge --adapter`: adapters into a model. */
import type { Listener } from '../../../base/listener.ts';
import { formatBytes, formatPlural } from '../../../base/quantities.ts';
import type { Tolerance } from '../../../exchange/index.ts';
import { type AdapterRequest, formatAdapterRequest } from '../../../generate/adapter-request.ts';
import type { MergeRule } from '../../../merge/join-adapters.ts';
import { mergeIntoModel } from '../../../merge/merge-into-model.ts';
import type { MergedDType } from '../../../merge/output-tensor.ts';
import type { MergeEvent } from '../../../merge/write-tensors.ts';
import type { Outcome, Work } from '../../shell/action.ts';
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
  readonly how?: MergeRule;
  readonly captions?: string;
  readonly tolerate?: readonly Tolerance[];
}

/** Merges into a model. */
export async function mergeModel(flags: MergeFlags, work: Work): Promise<Outcome> {
  const { out } = flags;
  const { base, bytes, changed } = await mergeIntoModel(
    { ...flags, adapters: flags.adapter },
    { ...work, listener: work.shown(showWriting(work.now)) },
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
function showWriting(now: () => number): (progress: Progress) => Listener<MergeEvent> {
  const start = now();
  return (progress) =>
    ({ tensor, doneBytes, totalBytes }) => {
      const seconds = (now() - start) / 1000;
      const bytesPerSecond = seconds > 0 && doneBytes > 0 ? doneBytes / seconds : undefined;
      const secondsLeft = bytesPerSecond && (totalBytes - doneBytes) / bytesPerSecond;
      progress.status(
        progressLine({ file: tensor, doneBytes, totalBytes, bytesPerSecond, secondsLeft }),
      );
    };
}

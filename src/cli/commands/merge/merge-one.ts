/** @file `krona merge FILE FILE`: several adapters into one. */
import { formatBytes, formatPlural, formatPosition } from '../../../base/quantities.ts';
import type { WantedForm } from '../../../convert/adapter-in-form.ts';
import type { AdapterRequest } from '../../../generate/adapter-request.ts';
import type { Combination } from '../../../merge/combine-adapters.ts';
import { type JoinedAdapters, joinAdapters } from '../../../merge/join-adapters.ts';
import { withFlags } from '../../shell/setting-words.ts';
import { formatErrors, summarizeErrors } from '../../words/error-table.ts';
import { formatFacts } from '../../words/table.ts';
import type { MergeReport, MergeWork } from './merge-model.ts';

/** Merges adapters into one. */
export async function mergeOne(
  requests: readonly AdapterRequest[],
  form: WantedForm | undefined,
  work: MergeWork,
): Promise<MergeReport> {
  const { flags, progress, signal, host: hub } = work;
  const { bytes, ...combined } = await joinAdapters(
    { ...flags, adapters: requests, form },
    {
      ...{ hub, signal },
      listener: (event) => {
        if (event.type === 'note')
          return progress.note(withFlags(event.message, new Set(['base'])));
        const { site, done, total } = event;
        progress.status(`combining ${formatPosition('site', done, total)}: ${site}`);
      },
    },
  );
  return report(flags.out, bytes, combined);
}

const said: Readonly<Record<Combination, string>> = {
  kept: 'as it was',
  joined: 'one LoRA of all ranks',
  full: 'a whole matrix',
  fitted: 'in the form asked for',
};

function report(
  out: string,
  bytes: number,
  { counts, errors }: Omit<JoinedAdapters, 'bytes'>,
): MergeReport {
  const used = (Object.keys(said) as Combination[]).filter((name) => counts[name] > 0);
  const facts = used.map((name) => [said[name], formatPlural(counts[name], 'site')] as const);
  return {
    text: `${out}: ${formatBytes(bytes)}\n${formatFacts(facts)}${formatErrors(errors)}`,
    value: { out, bytes, combinations: counts, ...summarizeErrors(errors), errors },
  };
}

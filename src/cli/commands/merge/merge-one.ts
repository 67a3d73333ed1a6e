/** @file `krona merge FILE FILE`: several adapters into one. */
import { formatBytes, formatPlural, formatPosition } from '../../../base/quantities.ts';
import type { FittingEvent } from '../../../convert/adapter-in-form.ts';
import { summarizeErrors } from '../../../convert/error-summary.ts';
import type { Combination } from '../../../merge/combine-adapters.ts';
import {
  type JoinedAdapters,
  type JoinOptions,
  joinAdapters,
} from '../../../merge/join-adapters.ts';
import type { Outcome, Work } from '../../shell/action.ts';
import type { Progress } from '../../shell/progress.ts';
import { formatErrors } from '../../words/error-table.ts';
import { formatFacts } from '../../words/table.ts';

/** Merges adapters into one. */
export async function mergeOne(options: JoinOptions, work: Work): Promise<Outcome> {
  const host = { ...work, listener: work.shown(showCombining) };
  const { bytes, ...combined } = await joinAdapters(options, host);
  return report(options.out, bytes, combined);
}

function showCombining(progress: Progress) {
  return ({ site, done, total }: FittingEvent): void =>
    progress.status(`combining ${formatPosition('site', done, total)}: ${site}`);
}

const said: Readonly<Record<Combination, string>> = {
  kept: 'as it was',
  joined: 'one LoRA of all ranks',
  words: 'all words',
  full: 'a whole matrix',
  fitted: 'in the form asked for',
  constrained: 'what each subject was taught on its texts, the least on others',
};

function report(
  out: string,
  bytes: number,
  { counts, errors }: Omit<JoinedAdapters, 'bytes'>,
): Outcome {
  const used = (Object.keys(said) as Combination[]).filter((name) => counts[name] > 0);
  const facts = used.map((name) => [said[name], formatPlural(counts[name], 'site')] as const);
  return {
    text: `${out}: ${formatBytes(bytes)}\n${formatFacts(facts)}${formatErrors(errors)}`,
    value: { out, bytes, combinations: counts, ...summarizeErrors(errors), errors },
  };
}

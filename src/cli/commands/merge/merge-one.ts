/** @file `krona merge FILE FILE`: several adapters into one. */
import { dirname } from 'node:path';
import { encodeAdapterFile } from '../../../adapters/index.ts';
import { formatBytes, formatPlural, formatPosition } from '../../../base/quantities.ts';
import type { WantedForm } from '../../../convert/adapter-in-form.ts';
import { type AdapterWithBase, adapterWithBase } from '../../../convert/adapter-with-base.ts';
import type { AdapterRequest } from '../../../generate/adapter-request.ts';
import { strengthsOf } from '../../../generate/adapters.ts';
import {
  type Combination,
  type CombinedAdapter,
  combineAdapters,
} from '../../../merge/combine-adapters.ts';
import { openAdapter } from '../../../pipeline/adapters/adapter-file.ts';
import { baseOfAdapters } from '../../../pipeline/adapters/base-of-adapters.ts';
import type { TrainedAdapter } from '../../../pipeline/adapters/trained-adapter.ts';
import { writeFileAtomic } from '../../../storage/files/atomic-file.ts';
import { createFolder } from '../../../storage/files/folders.ts';
import { requireNewFile } from '../../../storage/files/new-path.ts';
import { formatErrors, summarizeErrors } from '../../words/error-table.ts';
import { formatFacts } from '../../words/table.ts';
import type { MergeReport, MergeWork } from './merge-model.ts';

/** Merges adapters into one. */
export async function mergeOne(
  requests: readonly AdapterRequest[],
  form: WantedForm | undefined,
  work: MergeWork,
): Promise<MergeReport> {
  const { flags, progress, signal } = work;
  const { out } = flags;
  await requireNewFile(out);
  const sources = await openAll(requests, work);
  const [first] = sources;
  if (first === undefined) throw new Error('internal: no adapters');
  const { base } = first;
  const adapters = sources.map(({ opened: { file } }, i): TrainedAdapter => {
    const request = requests[i];
    const sites = file.placed.flatMap((placed) => placed.sites);
    return {
      ...file,
      strength: request?.strength ?? 1,
      strengths: request && strengthsOf(request, sites, 1),
    };
  });
  const listener = ({ site, done, total }: { site: string; done: number; total: number }) =>
    progress.status(`combining ${formatPosition('site', done, total)}: ${site}`);
  const combined = await combineAdapters(adapters, { ...base, form }, { signal, listener });
  const { placed, tensors } = combined;
  const trainings = sources.flatMap(({ opened: { file } }) => file.training ?? []);
  const [training] = trainings.length === 1 ? trainings : [];
  const bytes = encodeAdapterFile({
    placed,
    tensors,
    base: { name: base.name, sites: base.sites.length },
    ...(training === undefined ? {} : { training }),
  });
  await createFolder(dirname(out));
  await writeFileAtomic(out, bytes);
  return report(out, bytes.byteLength, combined);
}

/** All for one base: the one that is named, or else the family of the first. */
async function openAll(
  requests: readonly AdapterRequest[],
  { flags, host, progress }: MergeWork,
): Promise<readonly AdapterWithBase[]> {
  const { tolerate = [] } = flags;
  const opened = await Promise.all(requests.map(({ file }) => openAdapter(file)));
  const named = requests.map(({ file }, i) => ({ file, trainedOn: opened[i]?.trainedOn }));
  const isNamed = named.some(({ trainedOn }) => trainedOn !== undefined);
  let base = flags.base ?? (isNamed ? baseOfAdapters(named) : undefined);
  const sources: AdapterWithBase[] = [];
  for (const unplaced of opened) {
    const source = await adapterWithBase(unplaced, { base, host, tolerate });
    for (const note of source.notes) progress.note(note);
    base ??= source.base.name;
    sources.push(source);
  }
  return sources;
}

const said: Readonly<Record<Combination, string>> = {
  kept: 'as it was',
  joined: 'one LoRA of all ranks',
  full: 'a whole matrix',
  fitted: 'in the form asked for',
};

function report(out: string, bytes: number, { counts, errors }: CombinedAdapter): MergeReport {
  const used = (Object.keys(said) as Combination[]).filter((name) => counts[name] > 0);
  const facts = used.map((name) => [said[name], formatPlural(counts[name], 'site')] as const);
  return {
    text: `${out}: ${formatBytes(bytes)}\n${formatFacts(facts)}${formatErrors(errors)}`,
    value: { out, bytes, combinations: counts, ...summarizeErrors(errors), errors },
  };
}

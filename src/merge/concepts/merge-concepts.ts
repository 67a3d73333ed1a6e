/** @file Subjects that were trained apart, in one adapter: Custom Diffusion's closed form at every weight that takes texts. */
import {
  type AdapterTraining,
  placeTogether,
  type SiteAdapter,
  separateSites,
} from '../../adapters/index.ts';
import { ConfigError, invariant } from '../../base/errors.ts';
import { firstNames } from '../../base/quantities.ts';
import { required } from '../../base/required.ts';
import type { FittingHost } from '../../convert/adapter-in-form.ts';
import type { SiteError } from '../../convert/site-errors.ts';
import { matchesPattern, type Site } from '../../nn/index.ts';
import { siteWeightReader } from '../../pipeline/adapters/site-weights.ts';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import { withNewTokens } from '../../pipeline/text/new-tokens.ts';
import { float32 } from '../../tensor/tensor.ts';
import type { CombinedAdapter } from '../combine-adapters.ts';
import { joinedWords } from '../joined-words.ts';
import type { MergedAdapter } from '../metadata.ts';
import { addChanges, requireAnyChange, type SiteChange, SiteChanges } from '../site-changes.ts';
import { everydayCaptions } from './captions.ts';
import { captionText, rowsOfTexts, textsOfSubject } from './concept-texts.ts';
import { appliedTo, ConstrainedChanges, type Rows } from './constrained-change.ts';

/** Weights that multiply the states of texts. */
const ofTexts = ['attn2.to_k', 'attn2.to_v'];

export interface MergeConceptsOptions {
  readonly base: BaseModel;
  /** Every site of the base. */
  readonly sites: readonly Site[];
  /** Texts on which the merge shall change least. @default captions of everyday things */
  readonly captions?: readonly string[] | undefined;
}

/** One adapter with all subjects, and how exactly each site does on their texts what each was taught. */
export type MergedConcepts = CombinedAdapter & { readonly training: AdapterTraining };

/**
 * One adapter that makes of every subject's texts what its own makes of them, and changes others least: of all weights W
 * with W·Cᵀ = Vᵀ that of the least ‖(W − W₀)·C_regᵀ‖.
 *
 * @throws ConfigError MERGE_SITES where an adapter changes more than words and what texts are multiplied by,
 *   MERGE_SUBJECT where a file names no subject, MERGE_TARGETS, TOKEN_TWICE, NOTHING_TO_COMBINE
 */
export async function mergeConcepts(
  adapters: readonly MergedAdapter[],
  { base, sites, captions }: MergeConceptsOptions,
  { listener, signal }: FittingHost = {},
): Promise<MergedConcepts> {
  requireAnyChange(adapters);
  for (const adapter of adapters) requireSitesOfTexts(adapter);
  withNewTokens(base, adapters);
  const subjects = adapters.map(subjectsOf);
  const width = base.unet.config.contextSize;
  const others = await rowsOfTexts(base, (captions ?? everydayCaptions).map(captionText), {
    signal,
    ...(captions === undefined && { enough: rowsPerDirection * width }),
  });
  const targets: Rows[] = [];
  for (const [i, adapter] of adapters.entries()) {
    const texts = required(subjects, i).flatMap(({ subject, prompt }) =>
      textsOfSubject(subject, prompt),
    );
    targets.push(await rowsOfTexts(base, texts, { adapters: [adapter], signal }));
  }
  const constrained = new ConstrainedChanges(targets.flat(), others);
  await using changes = new SiteChanges(adapters, siteWeightReader(base));
  const combined: SiteAdapter[] = [];
  const errors: SiteError[] = [];
  for (const [name, here] of changes.bySite) {
    signal?.throwIfAborted();
    listener?.({ type: 'fitting', site: name, done: combined.length, total: changes.bySite.size });
    const site = required(here, 0).site;
    if (site.kind === 'table') {
      combined.push(wordsAt(site, here));
      continue;
    }
    const wanted = await wantedAt(site, here, { adapters, targets });
    const delta = constrained.of(wanted);
    errors.push({ site: name, error: relativeError(appliedTo(delta, targets.flat()), wanted) });
    combined.push({ site, method: 'custom-diffusion', options: {}, parameters: { delta } });
  }
  const words = combined.filter(({ site }) => site.kind === 'table').length;
  return {
    ...placeTogether(combined, sites),
    counts: { kept: 0, joined: 0, words, full: 0, fitted: 0, constrained: combined.length - words },
    errors,
    training: trainingOf(subjects.flat()),
  };
}

/** So many states of captions to every direction that states have. */
const rowsPerDirection = 3;

interface Targets {
  readonly adapters: readonly MergedAdapter[];
  /** Of every adapter. */
  readonly targets: readonly Rows[];
}

/** What each adapter makes of its own texts beyond what the base does; nothing where it does not change the site. */
async function wantedAt(
  site: Site,
  here: readonly SiteChange[],
  { adapters, targets }: Targets,
): Promise<Rows> {
  const wanted: Float64Array[] = [];
  for (const [i, adapter] of adapters.entries()) {
    const own = float32([site.out, site.in]);
    await addChanges(
      own,
      here.filter((change) => change.adapter === adapter),
    );
    wanted.push(...appliedTo(own, required(targets, i)));
  }
  return wanted;
}

function wordsAt(site: Site, here: readonly SiteChange[]): SiteAdapter {
  const parts = here.map(({ adapter }) => {
    const own = separateSites(adapter.placed, adapter.tensors).find(
      (each) => each.site.name === site.name,
    );
    invariant(own !== undefined, 'a change without an adapter');
    return { adapter, own };
  });
  return joinedWords(site, parts);
}

function relativeError(actual: Rows, expected: Rows): number {
  let difference = 0;
  let norm = 0;
  for (const [i, row] of expected.entries()) {
    for (const [k, value] of row.entries()) {
      difference += ((actual[i]?.[k] ?? 0) - value) ** 2;
      norm += value ** 2;
    }
  }
  return norm === 0 ? 0 : Math.sqrt(difference / norm);
}

/** @throws ConfigError MERGE_SITES */
function requireSitesOfTexts({ file, placed }: MergedAdapter): void {
  const strange = placed
    .flatMap(({ sites }) => sites)
    .filter(
      ({ kind, name }) => kind !== 'table' && !ofTexts.some((each) => matchesPattern(each, name)),
    );
  if (strange.length === 0) return;
  const names = firstNames(strange.map(({ name }) => name));
  throw new ConfigError(
    'MERGE_SITES',
    `${file} changes ${strange.length} weights that do not multiply texts (${names}), and only those that do can keep every subject to its own words; train with \`adapter: custom-diffusion\` or \`targets: attn2.to_k,attn2.to_v\`, or leave \`how\` out to add the changes up`,
  );
}

interface TaughtSubject {
  readonly subject: string;
  readonly class: string;
  readonly prompt: string;
}

/** @throws ConfigError MERGE_SUBJECT */
function subjectsOf({ file, training }: MergedAdapter): readonly TaughtSubject[] {
  const { subject, class: className, prompt = 'a {subject}', concept = [] } = training ?? {};
  if (subject !== undefined) {
    const words = subject.split(' ').slice(1).join(' ');
    return [{ subject, class: className ?? words, prompt }, ...concept];
  }
  throw new ConfigError(
    'MERGE_SUBJECT',
    `${file} does not say what it was taught, and a merge of subjects keeps each to the texts that name it; give the adapter of a run, or leave \`how\` out to add the changes up`,
  );
}

/** The first subject is that of {subject}. */
function trainingOf([first, ...concept]: readonly TaughtSubject[]): AdapterTraining {
  return { ...first, ...(concept.length > 0 && { concept: [...concept] }) };
}

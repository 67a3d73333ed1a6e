/** @file Extracting an adapter from a tuned checkpoint: the form nearest to what tuning changed, and what it leaves out. */
import { type AdapterFile, placeTogether, type SiteAdapter } from '../adapters/index.ts';
import { ModelError } from '../base/errors.ts';
import type { Listener } from '../base/listener.ts';
import type { Site } from '../nn/index.ts';
import { baseSites, siteWeightReader } from '../pipeline/adapters/site-weights.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import type { FittingEvent, FittingHost } from './adapter-in-form.ts';
import { changeReader, type WeightChange, weightChanges } from './checkpoint-change.ts';
import { type Form, nearestAdapter, requirePossible } from './forms.ts';
import { errorsAgainst, type PlacedValues, type SiteError } from './site-errors.ts';

export interface ExtractOptions {
  readonly tuned: BaseModel;
  readonly base: BaseModel;
  /** Where the adapter may change the base. */
  readonly sites: readonly Site[];
  /** The patterns that these were chosen by. */
  readonly targets: readonly string[];
  /** Where there are several, the one with the least error on a few of the sites is taken. */
  readonly forms: readonly [Form, ...Form[]];
}

/** How far it is. */
export type ExtractEvent =
  | FittingEvent
  | { readonly type: 'comparing'; readonly done: number; readonly total: number };

export interface ExtractHost extends Omit<FittingHost, 'listener'> {
  readonly listener?: Listener<ExtractEvent> | undefined;
}

export interface Extraction {
  readonly file: AdapterFile;
  readonly form: Form;
  readonly errors: readonly SiteError[];
  /** Chosen sites that tuning left as they are, and that the adapter leaves out. */
  readonly unchanged: number;
  /** Share of ‖ΔW‖² of all weights of the UNet and the text encoders that lies outside the chosen sites. */
  readonly outside: number;
  /** What changed outside the chosen sites, the largest first. */
  readonly left: readonly WeightChange[];
}

/**
 * The adapter nearest to the difference of two checkpoints, read weight by weight.
 *
 * @throws ModelError MODELS_DIFFER, NOTHING_CHANGED
 * @throws AdapterError FACTOR_DOES_NOT_DIVIDE
 */
export async function extractAdapter(
  { tuned, base, sites, targets, forms }: ExtractOptions,
  host: ExtractHost = {},
): Promise<Extraction> {
  for (const form of forms) requirePossible(form, sites);
  const survey = await surveyed(tuned, base, host);
  const weightOf = ({ name }: Site) => survey.get(`${name}.weight`) ?? survey.get(name);
  const changed = sites.filter((site) => (weightOf(site)?.squares ?? 0) > 0);
  if (changed.length === 0) throw nothingChanged(survey, { tuned, base, targets });
  const change = changeReader(tuned, base);
  const inForm = async (form: Form, some: readonly Site[]): Promise<Fitted> => {
    const fitted: SiteAdapter[] = [];
    for (const [done, site] of some.entries()) {
      host.signal?.throwIfAborted();
      host.listener?.({ type: 'fitting', site: site.name, done, total: some.length });
      fitted.push(nearestAdapter(form, site, await change(site)));
    }
    const adapter = placeTogether(fitted, some);
    return { adapter, errors: await errorsAgainst(change, adapter, siteWeightReader(base)) };
  };
  const form = await bestForm(forms, changed, inForm);
  const { adapter, errors } = await inForm(form, changed);
  const chosen = new Set(sites.map((site) => weightOf(site)?.name));
  const left = [...survey.values()].filter(({ name }) => !chosen.has(name));
  return {
    file: { ...adapter, targets, base: { name: base.name, sites: baseSites(base).length } },
    form,
    errors,
    unchanged: sites.length - changed.length,
    outside: total(left) / total([...survey.values()]),
    left: left.filter(({ squares }) => squares > 0).sort((a, b) => b.squares - a.squares),
  };
}

interface Fitted {
  readonly adapter: PlacedValues;
  readonly errors: readonly SiteError[];
}

async function surveyed(
  tuned: BaseModel,
  base: BaseModel,
  { listener, signal }: ExtractHost,
): Promise<ReadonlyMap<string, WeightChange>> {
  const found = new Map<string, WeightChange>();
  for await (const { name, squares, total } of weightChanges(tuned, base)) {
    signal?.throwIfAborted();
    listener?.({ type: 'comparing', done: found.size, total });
    found.set(name, { name, squares });
  }
  return found;
}

function total(changes: readonly WeightChange[]): number {
  return changes.reduce((sum, { squares }) => sum + squares, 0);
}

function nothingChanged(
  survey: ReadonlyMap<string, WeightChange>,
  { tuned, base, targets }: Pick<ExtractOptions, 'tuned' | 'base' | 'targets'>,
): ModelError {
  const [largest] = [...survey.values()].sort((a, b) => b.squares - a.squares);
  const what =
    largest === undefined || largest.squares === 0
      ? 'their UNets and text encoders are equal'
      : `they differ elsewhere, most in ${largest.name}; choose other \`targets\``;
  return new ModelError(
    'NOTHING_CHANGED',
    `${tuned.name} and ${base.name} have equal weights at all targets (${targets.join(', ')}): ${what}`,
  );
}

/** Sites that forms are tried on. */
const trials = 4;

/** The form that leaves least of the change, tried on a few sites from all over the model. */
async function bestForm(
  forms: ExtractOptions['forms'],
  sites: readonly Site[],
  inForm: (form: Form, sites: readonly Site[]) => Promise<Fitted>,
): Promise<Form> {
  const step = Math.ceil(sites.length / trials);
  const tried = sites.filter((_, i) => i % step === 0);
  let best = { form: forms[0], error: Number.POSITIVE_INFINITY };
  for (const form of forms.length === 1 ? [] : forms) {
    const { errors } = await inForm(form, tried);
    const error = errors.reduce((sum, each) => sum + each.error, 0);
    if (error < best.error) best = { form, error };
  }
  return best.form;
}

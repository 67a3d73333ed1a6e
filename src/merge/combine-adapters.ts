/** @file Several adapters as one: Σ strength·ΔW at every site, in a form that holds it exactly. */
import * as z from 'zod';
import { rankOptions, rankScale } from '../adapters/algebra/low-rank.ts';
import {
  type AdapterFile,
  configureAdapter,
  fullChange,
  placeTogether,
  type SiteAdapter,
  separateSites,
} from '../adapters/index.ts';
import { invariant } from '../base/errors.ts';
import {
  type FittingBase,
  type FittingHost,
  siteInForm,
  type WantedForm,
} from '../convert/adapter-in-form.ts';
import { errorsAgainst, type ReadChange, type SiteError } from '../convert/site-errors.ts';
import { matrixKinds, type Site } from '../nn/index.ts';
import type { TrainedAdapter } from '../pipeline/adapters/trained-adapter.ts';
import { concatenated, float32, joinedColumns, type Tensor } from '../tensor/tensor.ts';
import { joinedWords } from './joined-words.ts';
import { addChanges, requireAnyChange, type SiteChange, SiteChanges } from './site-changes.ts';

/**
 * How the change of a site is held: by its only adapter, by a LoRA of all ranks, with the words of all, as a matrix, in
 * the form asked for, or as the least change that does for every subject what its own does.
 */
export type Combination = 'kept' | 'joined' | 'words' | 'full' | 'fitted' | 'constrained';

/** Adapters that became one. */
export interface CombinedAdapter extends Pick<AdapterFile, 'placed' | 'tensors'> {
  /** Number of sites of each kind. */
  readonly counts: Readonly<Record<Combination, number>>;
  /** What is lost at the sites that were brought into a form. */
  readonly errors: readonly SiteError[];
}

export interface CombineOptions extends FittingBase {
  /** The form to bring all matrices into. @default what holds them exactly */
  readonly form?: WantedForm | undefined;
}

/** What an adapter changes at a site, and by which parameters. */
interface Part extends SiteChange {
  readonly own: SiteAdapter;
}

/**
 * One adapter that changes every site as all of them do together, to the rounding of float32: where one alone is at a
 * site its method stays, several LoRAs become one of all their ranks, anything else becomes the change itself.
 *
 * @throws ConfigError TOKEN_TWICE where two bring the same word, NOTHING_TO_COMBINE where all have strength 0
 */
export async function combineAdapters(
  adapters: readonly TrainedAdapter[],
  { sites, readWeight, form }: CombineOptions,
  { listener, signal }: FittingHost = {},
): Promise<CombinedAdapter> {
  requireAnyChange(adapters);
  await using changes = new SiteChanges(adapters, readWeight);
  const separated = new Map<TrainedAdapter, ReadonlyMap<string, SiteAdapter>>(
    adapters.map((adapter) => [adapter, siteAdapters(adapter)]),
  );
  const counts: Record<Combination, number> = {
    ...{ kept: 0, joined: 0, words: 0, full: 0, fitted: 0, constrained: 0 },
  };
  const combined: SiteAdapter[] = [];
  for (const [site, here] of changes.bySite) {
    signal?.throwIfAborted();
    listener?.({ type: 'fitting', site, done: combined.length, total: changes.bySite.size });
    const parts = here.flatMap((change) => {
      const own = separated.get(change.adapter)?.get(site);
      return own === undefined ? [] : [{ ...change, own }];
    });
    const [combination, adapter] = await atSite(parts, form);
    counts[combination] += 1;
    combined.push(adapter);
  }
  const values = placeTogether(combined, sites);
  if (form === undefined) return { ...values, counts, errors: [] };
  const matrices = values.placed.map((each) => ({
    ...each,
    sites: each.sites.filter(({ kind }) => matrixKinds.includes(kind)),
  }));
  const change: ReadChange = (site) => totalChange(site, changes.bySite.get(site.name) ?? []);
  const errors = await errorsAgainst(change, { ...values, placed: matrices }, readWeight);
  return { ...values, counts, errors };
}

function siteAdapters({ placed, tensors }: TrainedAdapter): ReadonlyMap<string, SiteAdapter> {
  return new Map(separateSites(placed, tensors).map((own) => [own.site.name, own]));
}

async function atSite(
  parts: readonly Part[],
  form: WantedForm | undefined,
): Promise<readonly [Combination, SiteAdapter]> {
  const [first, ...others] = parts;
  invariant(first !== undefined, 'a site without an adapter');
  const { site } = first;
  if (site.kind === 'table') {
    return others.length > 0 ? ['words', joinedWords(site, parts)] : ['kept', first.own];
  }
  const exact = exactly(parts) ?? (['full', await wholeAdapter(site, parts)] as const);
  if (form === undefined || site.kind === 'vector') return exact;
  return ['fitted', await siteInForm(exact[1], form, () => totalChange(site, parts))];
}

/** The sum where the parts' own form holds it. */
function exactly(parts: readonly Part[]): readonly [Combination, SiteAdapter] | undefined {
  const [first, ...others] = parts;
  const kept = first && others.length === 0 ? scaledAdapter(first) : undefined;
  if (kept !== undefined) return ['kept', kept];
  const joined = joinedLora(parts);
  return joined && ['joined', joined];
}

async function totalChange(site: Site, parts: readonly SiteChange[]): Promise<Tensor<'f32'>> {
  const delta = float32([site.out, site.in]);
  await addChanges(delta, parts);
  return delta;
}

async function wholeAdapter(site: Site, parts: readonly Part[]): Promise<SiteAdapter> {
  return fullChange(site, await totalChange(site, parts));
}

/** The adapter with its strength in its parameters, where its change is proportional to one of them. */
function scaledAdapter({ own, strength }: Part): SiteAdapter | undefined {
  if (strength === 1) return own;
  const { method, options, parameters } = own;
  const { linearIn } = configureAdapter(method, options);
  const [linear] = Object.entries(parameters).filter(([name]) => linearIn.includes(name));
  if (linear === undefined) return undefined;
  const [name, value] = linear;
  return { ...own, parameters: { ...parameters, [name]: times(value, strength) } };
}

/** Σ sᵢ·Bᵢ Aᵢ = [s₁B₁ s₂B₂ ...]·[A₁; A₂; ...], where all are LoRAs and the sum is still of low rank. */
function joinedLora(parts: readonly Part[]): SiteAdapter | undefined {
  const factors = parts.map(loraFactors);
  const known = factors.filter((each) => each !== undefined);
  const [first] = parts;
  if (first === undefined || known.length < parts.length) return undefined;
  const A = concatenated(known.map((each) => each.A));
  const B = joinedColumns(known.map((each) => each.B));
  const { site } = first;
  const [rank = 0] = A.shape;
  if (rank > Math.min(site.out, site.in)) return undefined;
  const { options } = configureAdapter('lora', { rank });
  return { site, method: 'lora', options, parameters: { A, B } };
}

const scaleOptions = z.object(rankOptions(1));

/** B with the scale and the strength in it, and A. */
function loraFactors({ own, strength }: Part): { A: Tensor<'f32'>; B: Tensor<'f32'> } | undefined {
  const { method, options, parameters } = own;
  const { A, B, magnitude } = parameters;
  if (method !== 'lora' || A === undefined || B === undefined || magnitude) return undefined;
  return { A, B: times(B, strength * rankScale(scaleOptions.parse(options))) };
}

function times({ shape, data }: Tensor<'f32'>, factor: number): Tensor<'f32'> {
  return float32(
    shape,
    data.map((value) => value * factor),
  );
}

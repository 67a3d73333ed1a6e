/** @file Several adapters as one: Σ strength·ΔW at every site, in a form that holds it exactly. */
import { z } from 'zod';
import {
  type AdapterFile,
  type AdapterName,
  isAdapterName,
  placeTogether,
  type SiteAdapter,
  separateSites,
} from '../adapters/index.ts';
import { rankOptions, rankScale } from '../adapters/low-rank.ts';
import { ConfigError, invariant } from '../base/errors.ts';
import type { FittingBase, FittingHost } from '../convert/adapter-in-form.ts';
import type { TrainedAdapter } from '../pipeline/trained-adapter.ts';
import { concatenated, float32, joinedColumns, type Tensor } from '../tensor/tensor.ts';
import { addChanges, type SiteChange, SiteChanges } from './site-changes.ts';

/** How the change of a site is held: by its only adapter, by a LoRA of all ranks, or as a matrix. */
export type Combination = 'kept' | 'joined' | 'full';

/** Adapters that became one. */
export interface CombinedAdapter extends Pick<AdapterFile, 'placed' | 'tensors'> {
  /** Number of sites of each kind. */
  readonly counts: Readonly<Record<Combination, number>>;
}

/** What an adapter changes at a site, and by which parameters. */
interface Part extends SiteChange {
  readonly own: SiteAdapter;
}

/**
 * One adapter that changes every site as all of them do together, to the rounding of float32: where one alone is at a
 * site its method stays, several LoRAs become one of all their ranks, anything else becomes the change itself.
 *
 * @throws ConfigError SEVERAL_WORDS where more than one brings a word
 */
export async function combineAdapters(
  adapters: readonly TrainedAdapter[],
  { sites, readWeight }: FittingBase,
  { listener, signal }: FittingHost = {},
): Promise<CombinedAdapter> {
  await using changes = new SiteChanges(adapters, readWeight);
  const separated = new Map<TrainedAdapter, ReadonlyMap<string, SiteAdapter>>(
    adapters.map((adapter) => [adapter, siteAdapters(adapter)]),
  );
  const counts: Record<Combination, number> = { kept: 0, joined: 0, full: 0 };
  const combined: SiteAdapter[] = [];
  for (const [site, here] of changes.bySite) {
    signal?.throwIfAborted();
    listener?.({ type: 'fitting', site, done: combined.length, total: changes.bySite.size });
    const parts = here.flatMap((change) => {
      const own = separated.get(change.adapter)?.get(site);
      return own === undefined ? [] : [{ ...change, own }];
    });
    const [combination, adapter] = await atSite(parts);
    counts[combination] += 1;
    combined.push(adapter);
  }
  return { ...placeTogether(combined, sites), counts };
}

function siteAdapters({ placed, tensors }: TrainedAdapter): ReadonlyMap<string, SiteAdapter> {
  return new Map(separateSites(placed, tensors).map((own) => [own.site.name, own]));
}

async function atSite(parts: readonly Part[]): Promise<readonly [Combination, SiteAdapter]> {
  const [first, ...others] = parts;
  invariant(first !== undefined, 'a site without an adapter');
  if (first.site.kind === 'table') {
    if (others.length > 0) throw severalWords(first.site.name);
    return ['kept', first.own];
  }
  const kept = others.length === 0 ? scaledAdapter(first) : undefined;
  if (kept !== undefined) return ['kept', kept];
  const joined = joinedLora(parts);
  return joined === undefined ? ['full', await wholeChange(parts)] : ['joined', joined];
}

function severalWords(table: string): ConfigError {
  return new ConfigError(
    'SEVERAL_WORDS',
    `more than one adapter brings a word to ${table}, and an adapter file holds one; leave all but one out (FILE=1,token_embedding=0) and keep their words in files of their own (krona convert FILE --to textual-inversion)`,
  );
}

/** Parameters that ΔW is proportional to, whichever a site has; none where it is not, as with DoRA. */
const proportionalTo: Readonly<Record<AdapterName, readonly string[]>> = {
  krona: ['B'],
  lora: ['B'],
  lokr: ['w2', 'w2_b'],
  loha: ['w2_b'],
  oft: [],
  svdiff: [],
  'textual-inversion': [],
  'custom-diffusion': ['delta'],
  dreambooth: ['delta'],
};

/** The adapter with its strength in its parameters. */
function scaledAdapter({ own, strength }: Part): SiteAdapter | undefined {
  if (strength === 1) return own;
  const { method, parameters } = own;
  const names = isAdapterName(method) ? proportionalTo[method] : [];
  const scaled = Object.entries(parameters).filter(([name]) => names.includes(name));
  if (scaled.length !== 1 || 'magnitude' in parameters) return undefined;
  const changed = scaled.map(([name, value]) => [name, times(value, strength)] as const);
  return { ...own, parameters: { ...parameters, ...Object.fromEntries(changed) } };
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
  return { site, method: 'lora', options: { rank }, parameters: { A, B } };
}

const scaleOptions = z.object(rankOptions(1));

/** B with the scale and the strength in it, and A. */
function loraFactors({ own, strength }: Part): { A: Tensor<'f32'>; B: Tensor<'f32'> } | undefined {
  const { method, options, parameters } = own;
  const { A, B, magnitude } = parameters;
  if (method !== 'lora' || A === undefined || B === undefined || magnitude) return undefined;
  return { A, B: times(B, strength * rankScale(scaleOptions.parse(options))) };
}

async function wholeChange(parts: readonly Part[]): Promise<SiteAdapter> {
  const [first] = parts;
  invariant(first !== undefined, 'a site without an adapter');
  const { site } = first;
  const delta = float32([site.out, site.in]);
  await addChanges(delta, parts);
  return { site, method: 'dreambooth', options: {}, parameters: { delta } };
}

function times({ shape, data }: Tensor<'f32'>, factor: number): Tensor<'f32'> {
  return float32(
    shape,
    data.map((value) => value * factor),
  );
}

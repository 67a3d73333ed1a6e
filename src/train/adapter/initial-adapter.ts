/** @file An adapter that a run goes on from: what of the run's settings it decides, and what contradicts it. */
import {
  type AdapterFile,
  decodeAdapterFile,
  encodeAdapterFile,
  type PlacedAdapter,
} from '../../adapters/index.ts';
import { ConfigError, RunError } from '../../base/errors.ts';
import {
  chooseSites,
  matchesPattern,
  matrixKinds,
  type Site,
  targetPresets,
} from '../../nn/index.ts';
import { openAdapter } from '../../pipeline/adapters/adapter-file.ts';
import { baseOfAdapters } from '../../pipeline/adapters/base-of-adapters.ts';
import { type TargetSites, targetSites } from '../../pipeline/adapters/idle-sites.ts';
import { baseSites } from '../../pipeline/adapters/site-weights.ts';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import { openBaseModel } from '../../pipeline/base/open-base.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { fileFingerprint } from '../../storage/fingerprint.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import type { RunPaths } from '../folder/run-folder.ts';
import type { TrainOptions } from '../train-options.ts';

/** The base of a new run, and the adapter that it goes on from, if any. */
export interface RunStart {
  readonly base: BaseModel;
  readonly initial: AdapterFile | undefined;
}

/**
 * Opens what a new run starts from; without a base, the one that the adapter names.
 *
 * @throws ConfigError BASE_NEEDED, or what the base or the adapter has wrong
 */
export async function openStart(options: TrainOptions, hub: HubHost = {}): Promise<RunStart> {
  const { base: given, prediction, ema, init } = options;
  const opened = init === undefined ? undefined : { ...(await openAdapter(init)), file: init };
  const name = given ?? (opened && baseOfAdapters([opened])) ?? 'pocket';
  const base = await openBaseModel(name, hub, { prediction, ema });
  const initial = opened?.on(baseSites(base));
  const notes = [...(base.notes ?? []), ...(initial?.notes ?? [])];
  return { base: { ...base, notes }, initial: initial?.file };
}

/**
 * The adapter that a run goes on from, out of its folder.
 *
 * @throws RunError INIT_CHANGED where it is not the one that the run began with
 */
export async function keptInitial(
  { initialAdapter: path }: RunPaths,
  { fingerprint }: { readonly fingerprint: string },
  base: BaseModel,
): Promise<AdapterFile> {
  if ((await fileFingerprint(path)) !== fingerprint) {
    throw new RunError(
      'INIT_CHANGED',
      `${path} is not the adapter that this run began with; restore it, or start a new run`,
    );
  }
  return decodeAdapterFile(await readBytes(path), path, baseSites(base));
}

/**
 * The settings of a run with those that its adapter decides: method, options, sites, and whether there is a new word.
 * Of several groups of sites with options of their own, those of the largest stand for all.
 *
 * @throws ConfigError INIT_METHOD, INIT_OPTIONS, INIT_TARGETS or INIT_WORD where the user asked for something else
 */
export function settingsOfInitial(
  options: TrainOptions,
  file: AdapterFile,
  base: BaseModel,
): TrainOptions {
  const words = file.placed.filter(({ adapter }) => adapter.newTokens.length > 0);
  const others = file.placed.filter((each) => !words.includes(each));
  const groups = others.length === 0 ? words : others;
  const main = groups.reduce((most, each) => (each.sites.length > most.sites.length ? each : most));
  const from = targetSites(base);
  requireMethod(options, groups);
  requireOptions(options, groups);
  requireTargets(options, groups, from);
  requireWords(options, words);
  const { adapter, sites: _ } = main;
  return {
    ...options,
    adapter: adapter.method,
    adapterOptions: adapter.options,
    targets: options.targets ?? [...(file.targets ?? targetsOf(groups, from))],
    newToken: options.newToken || (words.length > 0 && others.length > 0),
  };
}

/** The bytes of its copy in the run folder, with which the run goes on wherever the file went. */
export function initialAdapterBytes(
  { placed, tensors, training }: AdapterFile,
  base: BaseModel,
): Uint8Array {
  return encodeAdapterFile({
    placed,
    tensors,
    base: { name: base.name, sites: baseSites(base).length },
    ...(training === undefined ? {} : { training }),
  });
}

type Groups = readonly PlacedAdapter[];

function requireMethod({ init, adapter: asked }: TrainOptions, groups: Groups): void {
  const methods = new Set(groups.map(({ adapter }) => adapter.method));
  if (asked === undefined || methods.has(asked)) return;
  const found = [...methods].join(' and ');
  throw new ConfigError(
    'INIT_METHOD',
    `init: ${init} is an adapter of the method ${found}, got adapter "${asked}"; leave it out to go on with ${found}, or init to begin with ${asked}`,
  );
}

function requireOptions(
  { init, adapter: method, adapterOptions = {} }: TrainOptions,
  groups: Groups,
): void {
  for (const { adapter, sites } of groups) {
    if (method !== undefined && adapter.method !== method) continue;
    for (const [name, asked] of Object.entries(adapterOptions)) {
      const own = adapter.options[name];
      if (JSON.stringify(own) === JSON.stringify(asked)) continue;
      throw new ConfigError(
        'INIT_OPTIONS',
        `init: ${init} has ${name} ${JSON.stringify(own) ?? 'not at all'} at ${sites[0]?.name}, got ${JSON.stringify(asked)}; an adapter goes on as it is: leave ${name} out`,
      );
    }
  }
}

function requireTargets({ init, targets }: TrainOptions, groups: Groups, from: TargetSites) {
  if (targets === undefined) return;
  const own = activeNames(
    groups.flatMap((each) => each.sites),
    from,
  );
  const asked = activeNames(chooseSites(from.all, targets, groups[0]?.adapter.kinds), from);
  const more = [...asked].filter((name) => !own.has(name));
  const less = [...own].filter((name) => !asked.has(name));
  const [example] = [...more, ...less];
  if (example === undefined) return;
  throw new ConfigError(
    'INIT_TARGETS',
    `init: ${init} adapts ${own.size} sites, targets ${targets.join(', ')} are ${asked.size}: ${example} is ${more.length > 0 ? 'not in the file' : 'in the file alone'}; an adapter goes on at its own sites: leave targets out`,
  );
}

/** A word that no prompt contains would not be trained. */
function requireWords(
  { init, subject, prompt = '', captions, concept = [] }: TrainOptions,
  words: Groups,
): void {
  const said = [subject, prompt, ...concept.flatMap((own) => [own.subject, own.prompt ?? ''])];
  const missing = words
    .flatMap(({ adapter }) => adapter.newTokens)
    .find(({ token }) => !said.some((text) => text.includes(token)));
  if (missing === undefined) return;
  if (captions === true || concept.some((own) => own.captions === true)) return;
  const advice =
    concept.length === 0
      ? `which the subject "${subject}" does not contain; say \`subject: ${missing.token} ${subject.split(' ').slice(1).join(' ')}\``
      : 'which no subject contains; begin the subject that it is of with it';
  throw new ConfigError(
    'INIT_WORD',
    `init: ${init} has learned the word "${missing.token}", ${advice}`,
  );
}

/** Presets that choose exactly these sites, but for idle ones, or their names. */
function targetsOf(groups: Groups, from: TargetSites): readonly string[] {
  const own = activeNames(
    groups.flatMap((each) => each.sites),
    from,
  );
  const matrices = from.all.filter(
    ({ kind, name }) => matrixKinds.includes(kind) && !from.idle.has(name),
  );
  const presets = Object.entries(targetPresets).flatMap(([preset, patterns]) => {
    const chosen = matrices.filter(({ name }) =>
      patterns.some((each) => matchesPattern(each, name)),
    );
    const isOwn = chosen.length > 0 && chosen.every(({ name }) => own.has(name));
    return isOwn ? [{ preset, chosen }] : [];
  });
  const covered = activeNames(
    presets.flatMap(({ chosen }) => chosen),
    from,
  );
  return covered.size === own.size ? presets.map(({ preset }) => preset) : [...own];
}

/** Names of the sites that can be trained: the same module may be in a file or not where nothing depends on it. */
function activeNames(sites: readonly Site[], { idle }: TargetSites): ReadonlySet<string> {
  return new Set(sites.map(({ name }) => name).filter((name) => !idle.has(name)));
}

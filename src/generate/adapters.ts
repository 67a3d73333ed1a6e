/** @file The adapters of a request: opened, placed on the base, each with its strengths and its part of the denoising. */
import type { AdapterTraining } from '../adapters/index.ts';
import { ConfigError, RunError } from '../base/errors.ts';
import { matchesPattern, patternsOf, type Site, targetPresets } from '../nn/index.ts';
import { openAdapter, type UnplacedAdapter } from '../pipeline/adapters/adapter-file.ts';
import { type ConstantsHost, prepareAdapters } from '../pipeline/adapters/site-constants.ts';
import { baseSites } from '../pipeline/adapters/site-weights.ts';
import type { TrainedAdapter } from '../pipeline/adapters/trained-adapter.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { adaptsTexts } from '../pipeline/text/text-network.ts';
import { addressOfFolder, isHeld } from '../platform/control-address.ts';
import { join } from '../platform/paths.ts';
import { namesIn } from '../storage/files/folders.ts';
import type { AdapterRequest } from './adapter-request.ts';
import type { GenerateConfig } from './generate-options.ts';

/** An adapter of a request. */
export interface ChosenAdapter extends TrainedAdapter {
  readonly request: AdapterRequest;
  /** What its file says of its training. */
  readonly training: AdapterTraining | undefined;
}

/** An adapter of a request, opened before its base is. */
export interface OpenedRequest {
  readonly request: AdapterRequest;
  readonly opened: UnplacedAdapter;
}

/**
 * Opens the adapters of a request, that of the run first.
 *
 * @throws RunError NO_ADAPTER, or what openAdapter finds wrong
 */
export async function openAdapters({
  run,
  adapter,
}: Pick<GenerateConfig, 'run' | 'adapter'>): Promise<readonly OpenedRequest[]> {
  const ofRun = run === undefined ? [] : [await requestOfRun(run)];
  return await Promise.all(
    [...ofRun, ...adapter].map(async (request) => ({
      request,
      opened: await openAdapter(request.file),
    })),
  );
}

async function requestOfRun(run: string): Promise<AdapterRequest> {
  const names = await namesIn(run);
  if (names.includes('adapter.safetensors')) {
    const file = join(run, 'adapter.safetensors');
    return { file, strength: 1, strengths: {}, from: 0, to: 1 };
  }
  const refusal = (advice: string, details?: Readonly<Record<string, string>>) =>
    new RunError('NO_ADAPTER', `run: ${run} has no adapter.safetensors: ${advice}`, {
      ...(details && { details }),
    });
  if (!names.includes('run.json')) throw refusal('it is not a run folder; train one first');
  if (await isHeld(await addressOfFolder(run))) {
    throw refusal('it is being trained right now; wait until that has finished');
  }
  throw refusal('its training has not finished; go on with it', { run });
}

/** Adapters ready to use, and what was decided without the user. */
export interface ChosenAdapters {
  readonly adapters: readonly ChosenAdapter[];
  readonly notes: readonly string[];
}

/**
 * Places adapters on their base.
 *
 * @throws ConfigError NO_SITES where a strength is for sites that the adapter does not have
 * @throws AdapterError or FormatError where one is not for this base
 */
export async function chooseAdapters(
  base: BaseModel,
  opened: readonly OpenedRequest[],
  { strength, tolerate }: Pick<GenerateConfig, 'strength' | 'tolerate'>,
  host: ConstantsHost = {},
): Promise<ChosenAdapters> {
  const sites = baseSites(base);
  const adapters: ChosenAdapter[] = [];
  const notes: string[] = [];
  for (const { request, opened: unplaced } of opened) {
    const { file, notes: own } = unplaced.on(sites, { tolerate });
    const { from, to } = request;
    const isAlways = from === 0 && to === 1;
    const adapted = file.placed.flatMap((placed) => placed.sites);
    adapters.push({
      request,
      placed: await prepareAdapters(base, file.placed, host),
      tensors: file.tensors,
      strength: request.strength * strength,
      strengths: strengthsOf(request, adapted, strength),
      range: isAlways ? undefined : { from, to },
      training: file.training,
    });
    notes.push(...own);
    if (!isAlways && adaptsTexts(file.placed)) notes.push(textsNote(request.file));
  }
  return { adapters, notes };
}

const textsNote = (file: string): string =>
  `${file} also changes text encoders, which read the prompt once: there it is on whatever its range`;

/**
 * The strengths that a request has of its own for some sites; presets such as `attention` are spelled out.
 *
 * @throws ConfigError NO_SITES where the adapter has none of these
 */
export function strengthsOf(
  { file, strengths }: AdapterRequest,
  adapted: readonly Site[],
  factor: number,
): Readonly<Record<string, number>> {
  const patterns = Object.entries(strengths).flatMap(([name, value]) => {
    const own = patternsOf(name);
    if (!adapted.some((site) => own.some((pattern) => matchesPattern(pattern, site.name)))) {
      throw new ConfigError(
        'NO_SITES',
        `adapter ${file}: "${name}" names none of its ${adapted.length} sites (presets: ${Object.keys(targetPresets).join(', ')}; a site is, for example, ${adapted[0]?.name ?? 'none'})`,
      );
    }
    return own.map((pattern) => [pattern, value * factor] as const);
  });
  return Object.fromEntries(patterns);
}

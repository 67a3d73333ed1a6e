/** @file The base that an adapter is converted for: its names and sizes are enough, mostly. */
import { ConfigError, KronaError } from '../base/errors.ts';
import { families, isFamilyName } from '../models/families.ts';
import type {
  ForeignOptions,
  OpenedAdapter,
  UnplacedAdapter,
} from '../pipeline/adapters/adapter-file.ts';
import { closestBase } from '../pipeline/adapters/closest-base.ts';
import { type ReadSiteWeight, siteWeightReader } from '../pipeline/adapters/site-weights.ts';
import { type KnownBase, openKnownBase } from '../pipeline/base/known-base.ts';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import type { ConversionBase } from './convert.ts';

/** An adapter and the base that it is for. */
export interface AdapterWithBase {
  readonly opened: OpenedAdapter;
  readonly base: ConversionBase & { readonly name: string };
  /** What was decided without the user, one sentence each. */
  readonly notes: readonly string[];
}

interface ChoiceOptions extends ForeignOptions {
  /** As the user names it. */
  readonly base: string | undefined;
  readonly host: HubHost;
}

/** What a file that names no base may be for. */
const candidates = [...Object.keys(families), 'pocket'];

/**
 * Reads an adapter for the base that the user names, or that the file names, or the family that has all its modules.
 *
 * @throws ConfigError BASE_UNKNOWN where no family has them
 * @throws AdapterError or FormatError what is wrong with the file
 */
export async function adapterWithBase(
  unplaced: UnplacedAdapter,
  { base: given, host, ...foreign }: ChoiceOptions,
): Promise<AdapterWithBase> {
  const name = given ?? unplaced.trainedOn;
  if (name !== undefined) {
    const base = await conversionBase(name, host);
    const opened = unplaced.on(base.sites, foreign);
    return { opened, base, notes: opened.notes };
  }
  for (const candidate of candidates) {
    const known = await openKnownBase(candidate, host);
    const open = ({ sites }: KnownBase) => attempted(() => unplaced.on(sites, foreign));
    if (open(known) === undefined) continue;
    const { name } = await closestBase(known, open);
    const base = await conversionBase(name, host);
    const opened = unplaced.on(base.sites, foreign);
    const title = isFamilyName(name) ? families[name].title : 'the pocket model';
    const guess = `the file names no base; ${title} has all its modules (\`base\` names another)`;
    return { opened, base, notes: [guess, ...opened.notes] };
  }
  throw new ConfigError(
    'BASE_UNKNOWN',
    `the file names no base, and none of ${candidates.join(', ')} has all its modules; name it with \`base\`, which also says what does not fit`,
  );
}

function attempted(read: () => OpenedAdapter): OpenedAdapter | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof KronaError) return undefined;
    throw error;
  }
}

async function conversionBase(name: string, host: HubHost): Promise<AdapterWithBase['base']> {
  const { name: known, sites, model } = await openKnownBase(name, host);
  return {
    name: known,
    sites,
    readWeight: lazyWeights(name, host),
    prediction: model?.scheduler.stated.prediction_type,
  };
}

/** Weights that are opened, or downloaded, once one is asked for. */
function lazyWeights(name: string, host: HubHost): ReadSiteWeight {
  let reader: Promise<ReadSiteWeight> | undefined;
  return async (site) => {
    if (isFamilyName(name)) {
      throw new ConfigError(
        'BASE_WEIGHTS',
        `what the adapter changes at ${site.name} depends on the weight there, and \`base: ${name}\` has names and sizes only; give the model itself: a folder, a file, or owner/name of the hub`,
      );
    }
    reader ??= openBaseModel(name, host).then(siteWeightReader);
    return (await reader)(site);
  };
}

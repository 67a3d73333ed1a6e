/** @file Learning rates of their own for parts of the model and for sites by pattern; at 0 a site is not trained. */
import { type PlacedAdapter, parameterName } from '../../adapters/index.ts';
import { ConfigError } from '../../base/errors.ts';
import { matchesPattern, patternsOf, type Site } from '../../nn/index.ts';
import type { RateFactors } from '../../optim/parameter-groups.ts';
import type { TrainConfig } from '../train-options.ts';

type Rates = Pick<
  TrainConfig,
  | 'learningRate'
  | 'unetLearningRate'
  | 'textEncoderLearningRate'
  | 'siteLearningRates'
  | 'optimizer'
>;

/** A learning rate, the setting that gives it, and whose it is. */
interface OwnRate {
  readonly rate: number;
  readonly setting: string;
  readonly covers: (site: Site) => boolean;
}

const isOfUnet = ({ name }: Site): boolean => name.startsWith('unet.');

/** What the configuration gives, the widest first: of those that cover a site, the last is its own. */
function ownRates({
  unetLearningRate,
  textEncoderLearningRate,
  siteLearningRates,
}: Rates): readonly OwnRate[] {
  const parts = [
    { setting: 'unetLearningRate', rate: unetLearningRate, covers: isOfUnet },
    {
      setting: 'textEncoderLearningRate',
      rate: textEncoderLearningRate,
      covers: (site: Site) => !isOfUnet(site),
    },
  ];
  const patterns = Object.entries(siteLearningRates).map(([target, rate]) => ({
    setting: `siteLearningRates: ${target}`,
    rate,
    covers: ({ name }: Site) => patternsOf(target).some((pattern) => matchesPattern(pattern, name)),
  }));
  return [...parts, ...patterns].flatMap(({ rate, ...of }) =>
    rate === undefined ? [] : [{ ...of, rate }],
  );
}

/** Whether a configuration leaves a site as it is. */
export function isUntrained(config: Rates): (site: Site) => boolean {
  const rates = ownRates(config);
  return (site) => rates.findLast(({ covers }) => covers(site))?.rate === 0;
}

/** Adapters at the sites that they are trained at, and how many were left out. */
interface TrainedPlacement {
  readonly placed: readonly PlacedAdapter[];
  readonly untrained: number;
}

/**
 * Leaves out the sites whose learning rate is 0.
 *
 * @param kept adapters that keep all their sites: those that a run goes on from
 * @throws ConfigError RATE_OF_NO_SITE where a rate is of no site, RATES_ALL_ZERO where an adapter, or a new word in one of
 *   its tables, would not be trained at all
 */
export function withoutUntrained(
  placed: readonly PlacedAdapter[],
  config: Rates,
  kept: readonly PlacedAdapter[] = [],
): TrainedPlacement {
  requireSites(placed, config);
  const leaves = isUntrained(config);
  const trained = placed.map((each) => {
    if (kept.includes(each)) return each;
    const sites = each.sites.filter((site) => !leaves(site));
    requireTrained(each, sites, config);
    return sites.length === each.sites.length ? each : { ...each, sites };
  });
  return { placed: trained, untrained: siteCount(placed) - siteCount(trained) };
}

function siteCount(placed: readonly PlacedAdapter[]): number {
  return placed.reduce((sum, { sites }) => sum + sites.length, 0);
}

function requireSites(placed: readonly PlacedAdapter[], config: Rates): void {
  const sites = placed.flatMap((each) => each.sites);
  const idle = ownRates(config).find(({ covers }) => !sites.some(covers));
  if (idle === undefined) return;
  throw new ConfigError(
    'RATE_OF_NO_SITE',
    `${idle.setting}: the learning rate ${idle.rate} is of none of the ${sites.length} sites that are adapted, such as ${sites[0]?.name}; leave it out, or choose targets that it is of, such as text-encoder or attention`,
  );
}

function requireTrained(
  { adapter, sites }: PlacedAdapter,
  trained: readonly Site[],
  config: Rates,
): void {
  const { method, newTokens } = adapter;
  const [word] = newTokens;
  // A word that only some of the text encoders know could not be read by the others.
  const isSound = word === undefined ? trained.length > 0 : trained.length === sites.length;
  const left = sites.find((site) => !trained.includes(site));
  if (isSound || left === undefined) return;
  const what = word === undefined ? `the adapter (${method})` : `the word "${word.token}"`;
  const setting = ownRates(config).findLast(({ covers }) => covers(left))?.setting;
  throw new ConfigError(
    'RATES_ALL_ZERO',
    `${setting}: ${what} would not be trained, as ${sites.length - trained.length} of its ${sites.length} sites have the learning rate 0; give ${left.name} one above 0, here or by its pattern (\`siteLearningRates\`)`,
  );
}

/**
 * The learning rates of parameters as multiples of the run's: those of their sites, times those of their method.
 *
 * @throws ConfigError RATES_OF_PRODIGY
 */
export function rateFactorsOf(placed: readonly PlacedAdapter[], config: Rates): RateFactors {
  const rates = ownRates(config);
  const given = rates.find(({ rate }) => rate > 0);
  if (given !== undefined) requireOneRate(config, given.setting);
  const factors = new Map<string, number>();
  for (const { adapter, sites } of placed) {
    const ofMethod = adapter.learningRates;
    if (Object.keys(ofMethod).length > 0)
      requireOneRate(config, 'adapterOptions: learningRateRatio');
    for (const site of sites) {
      const own = rates.findLast(({ covers }) => covers(site))?.rate ?? config.learningRate;
      for (const { name } of adapter.parameters(site)) {
        const factor = (own / config.learningRate) * (ofMethod[name] ?? 1);
        if (factor !== 1) factors.set(parameterName(site, name), factor);
      }
    }
  }
  return factors;
}

function requireOneRate({ optimizer }: Rates, setting: string): void {
  if (optimizer !== 'prodigy') return;
  throw new ConfigError(
    'RATES_OF_PRODIGY',
    `${setting} gives parameters learning rates of their own, and prodigy finds one for all of them; leave it out, or take another optimizer, such as \`optimizer: adamw\``,
  );
}

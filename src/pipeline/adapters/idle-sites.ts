/** @file Sites that nothing the UNet predicts depends on, such as SDXL's last layer of the first text encoder. */
import { ConfigError } from '../../base/errors.ts';
import { Graph, removeDeadCode } from '../../graph/index.ts';
import { unet } from '../../models/unet/unet.ts';
import { chooseSites, Scope, type Site, type SiteKind } from '../../nn/index.ts';
import type { BaseModel } from '../base/base-model.ts';
import { unetInputs } from '../text/conditioning.ts';
import { traceTexts } from '../text/text-network.ts';
import { baseSites } from './site-weights.ts';

/** The names of the sites whose weights don't reach the prediction: there an adapter changes nothing and has no gradient. */
export function idleSites(base: BaseModel): ReadonlySet<string> {
  const graph = new Graph();
  const root = Scope.root(graph);
  const { inChannels, levels } = base.unet.config;
  const side = 2 ** (levels.length - 1);
  const texts = traceTexts(graph, root, { base, texts: 1 });
  const inputs = unetInputs(graph, base, [1, inChannels, side, side], { texts });
  const prediction = unet(root.child('unet'), base.unet.config, inputs);
  const live = removeDeadCode({ graph, outputs: { prediction } });
  const reaching = new Set(
    live.graph.nodes
      .filter(({ operation }) => operation.name === 'weight')
      .map(({ operation }) => String(operation.attributes.name)),
  );
  const idle = root.sites.filter(({ name }) => {
    const weight = root.weights.has(name) ? name : `${name}.weight`;
    return !reaching.has(weight);
  });
  return new Set(idle.map(({ name }) => name));
}

/** The sites of a base, and which of them are idle. */
export interface TargetSites {
  readonly base: string;
  readonly all: readonly Site[];
  readonly idle: ReadonlySet<string>;
}

const known = new WeakMap<BaseModel, TargetSites>();

/** The sites of a base that targets choose from, worked out once: finding the idle ones traces all of it. */
export function targetSites(base: BaseModel): TargetSites {
  const sites = known.get(base) ?? { base: base.name, all: baseSites(base), idle: idleSites(base) };
  known.set(base, sites);
  return sites;
}

/** Chosen sites that an adapter can be trained at, and how many were left out because they are idle. */
export interface TrainableSites {
  readonly sites: readonly Site[];
  readonly leftOut: number;
}

/**
 * The sites that any pattern or preset names, without idle ones.
 *
 * @throws ConfigError NO_SITES where a pattern names none, IDLE_SITES where all of them are idle
 */
export function chooseTrainable(
  { base, all, idle }: TargetSites,
  targets: readonly string[],
  kinds?: readonly SiteKind[],
): TrainableSites {
  const chosen = chooseSites(all, targets, kinds);
  const sites = chosen.filter(({ name }) => !idle.has(name));
  if (sites.length > 0) return { sites, leftOut: chosen.length - sites.length };
  throw new ConfigError(
    'IDLE_SITES',
    `targets: "${targets.join('", "')}" names ${chosen.length} sites of ${base}, such as ${chosen[0]?.name}, and none that its UNet's prediction depends on (it takes the text encoder's states before them); choose others, such as text-encoder or attention`,
  );
}

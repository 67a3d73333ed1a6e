/** @file What an adapter would train and a step hold, before any weight is downloaded. */
import {
  type Adapter,
  adapters,
  constantCount,
  isAdapterName,
  optionHint,
  type PlacedAdapter,
  placeAdapter,
  trainableAdapter,
} from '../adapters/index.ts';
import { bytesOfSize } from '../base/byte-size.ts';
import { ConfigError } from '../base/errors.ts';
import type { Listener } from '../base/listener.ts';
import { parseSettings } from '../base/settings/parse-settings.ts';
import { generateSchema } from '../generate/generate-options.ts';
import { chooseTrainable, idleSites } from '../pipeline/adapters/idle-sites.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { type KnownBase, openKnownBase } from '../pipeline/base/known-base.ts';
import { withPrecision } from '../pipeline/precision/base-precision.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { memoryGiven } from '../train/settings/step-room.ts';
import { type FactorGrid, factorGrid } from './factor-grid.ts';
import { type PlanConfig, type PlanOptions, planSchema } from './plan-options.ts';
import { type PlannedMemory, plannedMemory } from './planned-memory.ts';
import { type PlannedOperations, plannedOperations } from './planned-operations.ts';
import {
  adapterFileBytes,
  type BlockGroup,
  groupByBlock,
  groupByProjection,
  type ProjectionGroup,
  totalParameters,
} from './site-groups.ts';
import { type BudgetEntry, sizesWithin } from './size-budget.ts';

/** What every plan says. */
export interface PlannedBase {
  /** As it was named. */
  readonly base: string;
  /** The base for people: `Stable Diffusion XL 1.0`. */
  readonly title: string;
  readonly targets: readonly string[];
  /** How many weight matrices are adapted. */
  readonly sites: number;
}

/** What one adapter would train. */
export interface AdapterPlan extends PlannedBase {
  readonly kind: 'adapter';
  /** The method. */
  readonly adapter: string;
  /** Its options, complete. */
  readonly adapterOptions: Readonly<Record<string, unknown>>;
  /** Sites of the targets that nothing depends on, which a training leaves out. */
  readonly sitesLeftOut: number;
  readonly sitesOfBase: number;
  /** Numbers to train. */
  readonly parameters: number;
  /** Of the whole UNet. */
  readonly parametersOfBase: number;
  /** Bytes of the adapter's file in these precisions. */
  readonly fileBytes: { readonly f32: number; readonly f16: number };
  readonly projections: readonly ProjectionGroup[];
  /** In the order of the computation. */
  readonly blocks: readonly BlockGroup[];
  /** Numbers that the method computes once from the weights it changes, and keeps; 0 of most. */
  readonly computedOnce: number;
  /** Where it was asked for: what training and drawing take. */
  readonly operations?: PlannedOperations;
  /** Where it was asked for: what a training step holds. */
  readonly memory?: PlannedMemory;
}

/** Which sizes of A keep an adapter's file within a budget. */
export interface BudgetPlan extends PlannedBase {
  readonly kind: 'budget';
  readonly budgetBytes: number;
  /** The most parameters first. */
  readonly entries: readonly BudgetEntry[];
}

/** Parameters over the sizes of A. */
export interface GridPlan extends PlannedBase, FactorGrid {
  readonly kind: 'grid';
}

/** An answer to what was asked, by `kind`. */
export type Plan = AdapterPlan | BudgetPlan | GridPlan;

/** How far tracing a training step is: the segments that it was last cut into, 0 before the first. */
export interface PlanEvent {
  readonly type: 'tracing';
  readonly segments: number;
}

/** Surroundings of a plan; each may be left out. */
export interface PlanHost {
  readonly hub?: HubHost | undefined;
  readonly listener?: Listener<PlanEvent> | undefined;
  /** Asked for between two ways of cutting a step. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Counts what an adapter would train, by projection, by block and in total; on request the memory of a training step, the
 * operations of a step and of a picture, the sizes of A within a budget, or the paper's grid of sizes.
 *
 * No weights are needed: of a model of the hub only the configurations are fetched.
 *
 * @throws ConfigError naming the setting that is wrong, GRID_WITHOUT_FACTORS, BUDGET_WITHOUT_FACTORS, BUDGET_TOO_SMALL,
 *   MEMORY_OF_PART; ModelError where there is no such base
 */
export async function plan(options: PlanOptions = {}, host: PlanHost = {}): Promise<Plan> {
  const config = parseSettings(planSchema, { given: options, hintFor: optionHint }, 'a plan');
  const { adapter: method } = config;
  const usual = isAdapterName(method) ? adapters[method].defaults.targets : undefined;
  const targets = options.targets ?? usual ?? config.targets;
  const base = await openKnownBase(config.base, host.hub);
  const recommended = base.recommendation.adapters[method];
  const adapter = trainableAdapter(method, { ...recommended, ...config.adapterOptions });
  const { sites, leftOut } = sitesOf(base, targets, adapter);
  const about = { base: base.name, title: base.title, targets, sites: sites.length };
  if (config.grid && isAdapterName(method)) {
    const comparable = base.name === 'sdxl' && targets.join() === 'attention';
    const grid = await factorGrid(method, config.adapterOptions, { sites, comparable });
    return { kind: 'grid', ...about, ...grid };
  }
  const ofFile = { name: base.name, sites: base.sites.length };
  if (config.budget !== undefined) {
    requireKrona(method);
    const budgetBytes = bytesOfSize(config.budget) ?? 0;
    const entries = sizesWithin(adapter.options, { sites, base: ofFile, bytes: budgetBytes });
    return { kind: 'budget', ...about, budgetBytes, entries };
  }
  const placed = placeAdapter(adapter, sites);
  const memory = stepAsked(options) ? stepOf(base, { config, placed, host }) : undefined;
  return {
    kind: 'adapter',
    ...about,
    adapter: adapter.method,
    adapterOptions: adapter.options,
    sitesLeftOut: leftOut,
    sitesOfBase: base.sites.length,
    parameters: totalParameters(sites, adapter),
    parametersOfBase: base.parameters,
    fileBytes: adapterFileBytes({ adapter, sites }, ofFile),
    projections: groupByProjection(sites, adapter),
    blocks: groupByBlock(sites, adapter),
    computedOnce: constantCount(placed),
    ...(memory === undefined ? {} : { memory }),
    ...(config.operations
      ? { operations: operationsOf(requireTraceable(base, 'operations'), { config, placed }) }
      : {}),
  };
}

function sitesOf(base: KnownBase, targets: readonly string[], { kinds }: Adapter) {
  const { name, sites: all, model } = base;
  const idle = model === undefined ? new Set<string>() : idleSites(model);
  return chooseTrainable({ base: name, all, idle }, targets, kinds);
}

/** Settings of a step ask for what it holds. */
function stepAsked({ memory, resolution, batchSize, basePrecision }: PlanOptions): boolean {
  return [memory, resolution, batchSize, basePrecision].some((setting) => setting !== undefined);
}

/** Drawing as `generate` does it where nothing else is said. */
function operationsOf(
  model: BaseModel,
  { config, placed }: Pick<StepRequest, 'config' | 'placed'>,
): PlannedOperations {
  const { steps, guidance } = generateSchema
    .pick({ steps: true, guidance: true })
    .strip()
    .parse(model.recommendation.generate);
  const { resolution, batchSize } = config;
  return plannedOperations(model, { placed, resolution, batchSize, steps, guidance });
}

interface StepRequest {
  readonly config: PlanConfig;
  readonly placed: PlacedAdapter;
  readonly host: PlanHost;
}

function stepOf(base: KnownBase, { config, placed, host }: StepRequest): PlannedMemory {
  const { memory, resolution, batchSize } = config;
  const model = withPrecision(requireTraceable(base, 'memory'), config.basePrecision);
  host.listener?.({ type: 'tracing', segments: 0 });
  host.signal?.throwIfAborted();
  return plannedMemory(model, {
    placed: [placed],
    resolution,
    batchSize,
    memoryBytes: typeof memory === 'string' ? memoryGiven(memory) : undefined,
    onPlan: ({ count }) => {
      host.listener?.({ type: 'tracing', segments: count });
      host.signal?.throwIfAborted();
    },
  });
}

/** @throws ConfigError BUDGET_WITHOUT_FACTORS */
function requireKrona(method: string): void {
  if (method === adapters.krona.name) return;
  throw new ConfigError(
    'BUDGET_WITHOUT_FACTORS',
    `\`budget\` chooses a1 and a2, which the adapter "${method}" does not have; use \`adapter: krona\``,
  );
}

/** @throws ConfigError MEMORY_OF_PART */
function requireTraceable({ name, model }: KnownBase, asked: string): BaseModel {
  if (model !== undefined) return model;
  throw new ConfigError(
    'MEMORY_OF_PART',
    `\`${asked}\`: ${name} is a UNet alone; what a step takes is worked out from the configurations of the whole model: give the folder of all its parts`,
  );
}

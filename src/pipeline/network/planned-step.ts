/** @file A training step that was traced, and what it holds in how many segments, each worked out once; opens its sessions. */
import { sizeText } from '../../base/byte-size.ts';
import { ConfigError } from '../../base/errors.ts';
import {
  type CutStep,
  cutStep,
  deduplicate,
  emitProgram,
  type ForwardStep,
  type Graph,
  type Program,
  removeDeadCode,
  type Segment,
  type SegmentPlan,
  segmentPlans,
} from '../../graph/index.ts';
import { locateWeights, type ModelWeights, weightsFolder } from '../../models/weights.ts';
import type { Scope } from '../../nn/index.ts';
import { SegmentedSession, targetOn } from '../../runtime/index.ts';
import {
  haveEightBitProducts,
  type NetworkOptions,
  staysInPlace,
  type Traced,
  tracedProgram,
} from './open-network.ts';

export interface StepNetworkOptions extends Pick<NetworkOptions, 'hook' | 'device' | 'limits'> {
  /** Inputs to differentiate the output `loss` with respect to, once it is traced; those that do not reach it are left out. */
  readonly parameters: () => Iterable<string>;
  /** Resident memory to stay within, by cutting the step into segments. @default as much as one piece takes */
  readonly memoryBytes?: number | undefined;
}

/** A traced step, and the number of segments it will run in. */
export class PlannedStep {
  readonly step: ForwardStep;
  /** Whether the weights stay as stored while they are used. */
  readonly weightsInPlace: boolean;
  /** Segments that it will run in. */
  readonly count: number;
  readonly #cuts: Iterator<CutStep, void>;
  readonly #plans: SegmentPlan[] = [];
  /** Of the programs only the last are kept: who asks for plans stops at the one that fits. */
  #last: CutStep | undefined;

  /**
   * @param memoryBytes to stay within. @default as much as one piece takes
   * @throws ConfigError MEMORY_TOO_SMALL saying the least that would do
   */
  constructor(step: ForwardStep, weightsInPlace: boolean, memoryBytes?: number) {
    this.step = step;
    this.weightsInPlace = weightsInPlace;
    this.#cuts = segmentPlans(step, { weightsInPlace });
    this.count = memoryBytes === undefined ? 1 : this.#countWithin(memoryBytes);
  }

  /** Expected peaks of memory for all counts of segments worth trying, fewest first; each is worked out when it is first asked for. */
  *plans(): Generator<SegmentPlan, void> {
    for (let i = 0; ; i++) {
      const plan = i < this.#plans.length ? this.#plans[i] : this.#cutOnce();
      if (plan === undefined) return;
      yield plan;
    }
  }

  /** The programs of so many segments. @default of those that it will run in */
  segments(count = this.count): readonly Segment[] {
    const { step, weightsInPlace } = this;
    if (this.#last?.count !== count) this.#last = cutStep(step, count, { weightsInPlace });
    return this.#last.segments;
  }

  #cutOnce(): SegmentPlan | undefined {
    const { value } = this.#cuts.next();
    if (value === undefined) return undefined;
    this.#last = value;
    const plan = { count: value.count, bytes: value.bytes };
    this.#plans.push(plan);
    return plan;
  }

  #countWithin(given: number): number {
    for (const { bytes, count } of this.plans()) if (bytes <= given) return count;
    const least = this.#plans.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    const [whole] = this.#plans;
    throw new ConfigError(
      'MEMORY_TOO_SMALL',
      `memory: a training step of this size needs at least ${sizeText(least.bytes)} (in ${least.count} segments; ${sizeText(whole?.bytes ?? 0)} in one piece), ${sizeText(given)} were given; give more, or use a smaller batch or resolution`,
    );
  }
}

/**
 * Traces a forward pass that ends in a `loss` and decides how to run its step; loads nothing.
 *
 * @throws ConfigError MEMORY_TOO_SMALL saying the least that would do
 */
export function planStep(
  weights: ModelWeights,
  trace: (graph: Graph, scope: Scope) => Traced,
  { hook, device, limits, parameters, memoryBytes }: StepNetworkOptions,
): PlannedStep {
  const program = removeDeadCode(deduplicate(tracedProgram(weights, trace, hook)));
  // What the loss does not depend on is no longer part of the program, and has no gradient.
  const inputs = inputNames(program);
  const live = [...parameters()].filter((name) => inputs.has(name));
  const step = { program, loss: 'loss', parameters: new Set(live) };
  return new PlannedStep(step, staysInPlace(weights, { device, limits }), memoryBytes);
}

function inputNames({ graph }: Program): ReadonlySet<string> {
  const inputs = graph.nodes.filter(({ operation }) => operation.name === 'input');
  return new Set(inputs.map(({ operation }) => String(operation.attributes.name)));
}

/** Opens sessions for a planned step. Gradients are outputs under gradientName(parameter). */
export async function openStep(
  weights: ModelWeights,
  planned: PlannedStep,
  {
    device = 'cpu',
    limits,
    ...options
  }: Pick<NetworkOptions, 'device' | 'limits' | 'profile'> = {},
): Promise<SegmentedSession> {
  const { weightsInPlace, count } = planned;
  const target = targetOn(device, limits);
  const compiled = (pass: Program | undefined) =>
    pass && emitProgram(pass, locateWeights(weights), { target });
  const segments = planned.segments().map(({ forward, backward }) => ({
    forward: compiled(forward),
    backward: compiled(backward),
  }));
  return await SegmentedSession.open(segments, {
    device,
    weightsFolder: weightsFolder(weights),
    weightsInPlace,
    eightBitProducts: haveEightBitProducts(weights),
    // Arenas of many sessions would add up; without them memory goes back between the segments.
    arena: count === 1,
    ...options,
  });
}

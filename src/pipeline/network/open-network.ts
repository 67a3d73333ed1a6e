/** @file Opens a session for a part of a model: trace, compile, load, with the weights read in place. */

import { sizeText } from '../../base/byte-size.ts';
import { ConfigError } from '../../base/errors.ts';
import {
  compile,
  type ForwardStep,
  forwardBytes,
  Graph,
  type Program,
  type SegmentPlan,
  segmentPlans,
  segmentStep,
  simplify,
  type Value,
} from '../../graph/index.ts';
import {
  isLarge,
  locateWeights,
  type ModelWeights,
  storedType,
  weightsFolder,
} from '../../models/weights.ts';
import { Scope, type SiteHook } from '../../nn/index.ts';
import {
  type DeviceName,
  devices,
  openSession,
  SegmentedSession,
  type Session,
} from '../../runtime/index.ts';

/** Whether weights stay as stored while they are used: of large ones, copies in float32 cost more than casts at every use. */
export function staysInPlace(weights: ModelWeights, device: DeviceName = 'cpu'): boolean {
  return devices[device].weightsInPlace && isLarge(weights);
}

/** What a traced computation gives, by name. */
export type Traced = Readonly<Record<string, Value>>;

export interface NetworkOptions {
  /** Makes the hook that adapts the model's sites, for the graph being traced. */
  readonly hook?: (graph: Graph) => SiteHook | undefined;
  /** @default 'cpu' */
  readonly device?: DeviceName | undefined;
  /** Prefix of a profile that is written when the session is disposed of. */
  readonly profile?: string;
}

/**
 * Traces `trace` over a model's weights and opens a session for it.
 *
 * @returns the session; whoever asked for it disposes of it
 */
export async function openNetwork(
  weights: ModelWeights,
  trace: (graph: Graph, scope: Scope) => Traced,
  { hook, device = 'cpu', ...options }: NetworkOptions = {},
): Promise<Session> {
  const traced = tracedProgram(weights, trace, hook);
  const weightsInPlace = staysInPlace(weights, device);
  const { target } = devices[device];
  const program = compile(traced, locateWeights(weights), { weightsInPlace, target });
  return await openSession(program, {
    device,
    weightsFolder: weightsFolder(weights),
    weightsInPlace,
    ...options,
  });
}

/** Expected resident memory of what openNetwork() would open, on the CPU; loads nothing. */
export function networkBytes(
  weights: ModelWeights,
  trace: (graph: Graph, scope: Scope) => Traced,
  { hook }: Pick<NetworkOptions, 'hook'> = {},
): number {
  const weightsInPlace = staysInPlace(weights);
  return forwardBytes(tracedProgram(weights, trace, hook), { weightsInPlace });
}

function tracedProgram(
  weights: ModelWeights,
  trace: (graph: Graph, scope: Scope) => Traced,
  hook: NetworkOptions['hook'],
): Program {
  const graph = new Graph();
  const scope = Scope.root(graph, { stored: storedType(weights), hook: hook?.(graph) });
  return { graph, outputs: trace(graph, scope) };
}

export interface StepNetworkOptions extends Pick<NetworkOptions, 'hook' | 'device'> {
  /** Inputs to differentiate the output `loss` with respect to, once it is traced; those that do not reach it are left out. */
  readonly parameters: () => Iterable<string>;
  /** Resident memory to stay within, by cutting the step into segments. @default as much as one piece takes */
  readonly memoryBytes?: number | undefined;
}

/** A step that was traced, and the number of segments it will run in. */
export interface PlannedStep {
  readonly step: ForwardStep;
  readonly segments: number;
  /** Whether the weights stay as stored while they are used. */
  readonly weightsInPlace: boolean;
}

/**
 * Traces a forward pass that ends in a `loss` and decides how to run its step; loads nothing.
 *
 * @throws ConfigError MEMORY_TOO_SMALL saying the least that would do
 */
export function planStep(
  weights: ModelWeights,
  trace: (graph: Graph, scope: Scope) => Traced,
  { hook, device, parameters, memoryBytes }: StepNetworkOptions,
): PlannedStep {
  const program = simplify(tracedProgram(weights, trace, hook));
  // What the loss does not depend on is no longer part of the program, and has no gradient.
  const inputs = inputNames(program);
  const live = [...parameters()].filter((name) => inputs.has(name));
  const step = { program, loss: 'loss', parameters: new Set(live) };
  const weightsInPlace = staysInPlace(weights, device);
  const planned = { step, weightsInPlace, segments: 1 };
  if (memoryBytes === undefined) return planned;
  return { ...planned, segments: segmentsWithin(memoryBytes, planned) };
}

function inputNames({ graph }: Program): ReadonlySet<string> {
  const inputs = graph.nodes.filter(({ operation }) => operation.name === 'input');
  return new Set(inputs.map(({ operation }) => String(operation.attributes.name)));
}

/** Opens sessions for a planned step. Gradients are outputs under gradientName(parameter). */
export async function openStep(
  weights: ModelWeights,
  { step, segments: count, weightsInPlace }: PlannedStep,
  { device = 'cpu', ...options }: Pick<NetworkOptions, 'device' | 'profile'> = {},
): Promise<SegmentedSession> {
  const { target } = devices[device];
  const compiled = (pass: Program | undefined) =>
    pass && compile(pass, locateWeights(weights), { weightsInPlace, target });
  const segments = segmentStep(step, count).map(({ forward, backward }) => ({
    forward: compiled(forward),
    backward: compiled(backward),
  }));
  return await SegmentedSession.open(segments, {
    device,
    weightsFolder: weightsFolder(weights),
    weightsInPlace,
    // Arenas of many sessions would add up; without them memory goes back between the segments.
    arena: count === 1,
    ...options,
  });
}

function segmentsWithin(bytes: number, { step, weightsInPlace }: PlannedStep): number {
  const plans: SegmentPlan[] = [];
  for (const plan of segmentPlans(step, { weightsInPlace })) {
    if (plan.bytes <= bytes) return plan.count;
    plans.push(plan);
  }
  const least = plans.reduce((a, b) => (b.bytes < a.bytes ? b : a));
  const [whole] = plans;
  throw new ConfigError(
    'MEMORY_TOO_SMALL',
    `memory: a training step of this size needs at least ${sizeText(least.bytes)} (in ${least.count} segments; ${sizeText(whole?.bytes ?? 0)} in one piece), ${sizeText(bytes)} were given; give more, or use a smaller batch or resolution`,
  );
}

/** @file Opens a session for a part of a model: trace, compile, load, with the weights read in place. */
import { compile, forwardBytes, Graph, type Program, type Value } from '../../graph/index.ts';
import {
  isLarge,
  locateWeights,
  type ModelWeights,
  storedType,
  weightsFolder,
} from '../../models/weights.ts';
import { Scope, type SiteHook } from '../../nn/index.ts';
import {
  type DeviceLimits,
  type DeviceName,
  keepsHalfFloats,
  openSession,
  type Session,
  targetOn,
} from '../../runtime/index.ts';

/** Whether weights stay as stored while they are used: of large ones, copies in float32 cost more than casts at every use. */
export function staysInPlace(
  weights: ModelWeights,
  { device = 'cpu', limits }: Place = {},
): boolean {
  return keepsHalfFloats(device, limits) && isLarge(weights);
}

/** Whether some of the weights are multiplied in eight bits. */
export function haveEightBitProducts({ places }: ModelWeights): boolean {
  return [...places.values()].some(({ eightBits }) => eightBits === 'products');
}

/** Where something computes, as a base model knows it. */
export interface Place {
  /** @default 'cpu' */
  readonly device?: DeviceName | undefined;
  /** What the device takes, where it is known. */
  readonly limits?: DeviceLimits | undefined;
}

/** What a traced computation gives, by name. */
export type Traced = Readonly<Record<string, Value>>;

export interface NetworkOptions extends Place {
  /** Makes the hook that adapts the model's sites, for the graph being traced. */
  readonly hook?: (graph: Graph) => SiteHook | undefined;
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
  { hook, device = 'cpu', limits, ...options }: NetworkOptions = {},
): Promise<Session> {
  const traced = tracedProgram(weights, trace, hook);
  const weightsInPlace = staysInPlace(weights, { device, limits });
  const target = targetOn(device, limits);
  const program = compile(traced, locateWeights(weights), { weightsInPlace, target });
  return await openSession(program, {
    device,
    weightsFolder: weightsFolder(weights),
    weightsInPlace,
    eightBitProducts: haveEightBitProducts(weights),
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

/** What a network computes, not yet simplified. */
export function tracedProgram(
  weights: ModelWeights,
  trace: (graph: Graph, scope: Scope) => Traced,
  hook?: NetworkOptions['hook'],
): Program {
  const graph = new Graph();
  const scope = Scope.root(graph, { stored: storedType(weights), hook: hook?.(graph) });
  return { graph, outputs: trace(graph, scope) };
}

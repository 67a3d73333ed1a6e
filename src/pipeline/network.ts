/** @file Opens a session for a part of a model: trace, compile, load, with the weights read in place. */
import { compile, Graph, type Value } from '../graph/index.ts';
import { locateWeights, type ModelWeights, storedType, weightsFolder } from '../models/weights.ts';
import { Scope, type SiteHook } from '../nn/index.ts';
import { openSession, type Session } from '../runtime/index.ts';

/** Above this, float32 copies of the weights cost more than casting at every use. */
const inPlaceFromBytes = 512 * 2 ** 20;

/** What a traced computation gives, by name. */
export type Traced = Readonly<Record<string, Value>>;

export interface NetworkOptions {
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
  { hook, ...options }: NetworkOptions = {},
): Promise<Session> {
  const graph = new Graph();
  const scope = Scope.root(graph, { stored: storedType(weights), hook: hook?.(graph) });
  const outputs = trace(graph, scope);
  const weightsInPlace = weights.totalBytes > inPlaceFromBytes;
  const program = compile({ graph, outputs }, locateWeights(weights), { weightsInPlace });
  return await openSession(program, {
    weightsFolder: weightsFolder(weights),
    weightsInPlace,
    ...options,
  });
}

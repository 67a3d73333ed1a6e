/** @file Shared mechanics of the model checks: trace over a fixture's weights, feed, take gradients, look inside. */
import {
  type AdapterTensors,
  attach,
  configureAdapter,
  type PlacedAdapter,
} from '../../src/adapters/index.ts';
import { KronaError } from '../../src/base/errors.ts';
import {
  type Graph,
  gradients,
  input,
  mean,
  reshape,
  square,
  subtract,
  type Value,
} from '../../src/graph/index.ts';
import type { ModelWeights } from '../../src/models/weights.ts';
import { chooseSites, type Scope, type Site, type targetPresets } from '../../src/nn/index.ts';
import { openNetwork, type Traced } from '../../src/pipeline/network/open-network.ts';
import type { Session } from '../../src/runtime/index.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { testDevice } from '../devices/test-device.ts';
import type { Tolerance } from './advice.ts';
import { type Check, compareTensors, unsupported } from './check.ts';
import type { FixtureTensors } from './fixture.ts';

export type Feeds = Readonly<Record<string, Tensor>>;

/** What a traced computation may use. */
export interface Tracing {
  readonly scope: Scope;
  /** The graph's input for what is fed under that name. */
  readonly input: (name: string) => Value;
  /** The adapter's parameters used so far. */
  readonly parameters: () => ReadonlyMap<string, Value>;
}

export interface Computation {
  readonly weights: ModelWeights;
  /** What will be fed; sessions are compiled for these shapes. */
  readonly feeds: Feeds;
  readonly adapter?: PlacedAdapter;
  /** Outputs under the names of the fixture's tensors. */
  readonly trace: (tracing: Tracing) => Traced;
}

/** What a computation gave, by name. */
export type Results = ReadonlyMap<string, Tensor<'f32'>>;

/** A computation ready to run; whoever opened it disposes of it. */
export class OpenComputation {
  readonly #session: Session;
  readonly #names: readonly string[];

  private constructor(session: Session, names: readonly string[]) {
    this.#session = session;
    this.#names = names;
  }

  static async open({ weights, feeds, adapter, trace }: Computation): Promise<OpenComputation> {
    let parameters: ReadonlyMap<string, Value> = new Map();
    let names: string[] = [];
    const session = await openNetwork(
      weights,
      (graph, scope) => {
        const fed = Object.entries(feeds).map(
          ([name, { dtype, shape }]) => [name, input(graph, name, dtype, shape)] as const,
        );
        const inputs = new Map(fed);
        const traced = trace({
          scope,
          input: (name) => required(inputs, name, 'fed input'),
          parameters: () => parameters,
        });
        names = Object.keys(traced);
        return traced;
      },
      {
        device: testDevice(),
        hook: (graph) => {
          if (adapter === undefined) return undefined;
          const attached = attach(graph, [{ placed: adapter }]);
          parameters = attached.parameters;
          return attached.hook;
        },
      },
    );
    return new OpenComputation(session, names);
  }

  /** Runs once, with values for the adapter's parameters beside the feeds. */
  async run(feeds: Feeds, adapter: AdapterTensors = new Map()): Promise<Results> {
    const results = await this.#session.run({ ...feeds, ...Object.fromEntries(adapter) });
    return new Map(this.#names.map((name) => [name, results.get(name)]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}

/** Runs a computation once. */
export async function compute(
  computation: Computation,
  adapter?: AdapterTensors,
): Promise<Results> {
  await using open = await OpenComputation.open(computation);
  return await open.run(computation.feeds, adapter);
}

/** The result of that name. */
export function resultOf(results: Results, name: string): Tensor<'f32'> {
  return required(results, name, 'result');
}

/** Gradients of a loss as outputs, named by the keys of `targets`. */
export function gradientOutputs(loss: Value, targets: ReadonlyMap<string, Value>): Traced {
  const names = [...targets.keys()];
  const found = gradients(loss, [...targets.values()]);
  return Object.fromEntries(found.map((value, i) => [names[i] ?? '', value]));
}

/** Gradients with respect to weights, as outputs `prefix + name`. */
export function weightGradients(
  scope: Scope,
  loss: Value,
  { prefix, names }: { readonly prefix: string; readonly names: readonly string[] },
): Traced {
  const targets = names.map(
    (name) => [`${prefix}${name}`, required(scope.weights, name, 'weight')] as const,
  );
  return gradientOutputs(loss, new Map(targets));
}

/** Mean of squared differences: one number per sample, [N], and over all, []. */
export function squaredErrors(
  output: Value,
  target: Value,
): { readonly perSample: Value; readonly all: Value } {
  const squares = square(subtract(output, target));
  const axes = squares.shape.map((_, axis) => axis);
  return {
    perSample: reshape(mean(squares, axes.slice(1)), squares.shape.slice(0, 1)),
    all: reshape(mean(squares, axes), []),
  };
}

/** What the module at `path` computes: the last node of the forward pass that was traced in it or below it. */
function moduleOutput(graph: Graph, path: string): Value | undefined {
  const node = graph.nodes.findLast(
    ({ location }) => location === path || location.startsWith(`${path}.`),
  );
  return node?.outputs[0];
}

/** The outputs of those modules that the graph went through, under the names of the fixture's traces. */
export function traceOutputs(graph: Graph, tensors: FixtureTensors): Traced {
  return Object.fromEntries(
    tensors.under('trace/').flatMap((module) => {
      const value = moduleOutput(graph, module);
      return value === undefined ? [] : [[`trace/${module}`, value] as const];
    }),
  );
}

/** An adapter as a fixture states it: KronA's factors as a pair or by projection, LoRA's rank and alpha. */
export function placeAdapter(
  sites: readonly Site[],
  method: 'krona' | 'lora',
  stated: unknown,
  target: keyof typeof targetPresets = 'attention',
): PlacedAdapter {
  const options = Array.isArray(stated)
    ? { a1: stated[0], a2: stated[1] }
    : method === 'krona'
      ? { factors: stated }
      : stated;
  const adapter = configureAdapter(method, options);
  return { adapter, sites: chooseSites(sites, [target]) };
}

/** A fixture's tensors `prefix + parameter + '/' + site`, under the names that parameters have in graphs. */
export function adapterTensors(
  tensors: FixtureTensors,
  prefix: string,
  parameters: readonly string[] = ['A', 'B'],
): Map<string, Tensor<'f32'>> {
  return new Map(
    parameters.flatMap((parameter) => {
      const group = `${prefix}${parameter}/`;
      return tensors
        .under(group)
        .map((site) => [`${site}.${parameter}`, tensors.float32(`${group}${site}`)] as const);
    }),
  );
}

/** `site.A` as the fixture names it: `prefix + 'A/site'`. */
export function fixtureName(prefix: string, parameter: string): string {
  const dot = parameter.lastIndexOf('.');
  return `${prefix}${parameter.slice(dot + 1)}/${parameter.slice(0, dot)}`;
}

/** Compares every result with the fixture's tensor of the same name, where it has one. */
export function compareResults(
  results: Results,
  tensors: FixtureTensors,
  toleranceOf: (name: string) => Tolerance,
): Check[] {
  return [...results]
    .filter(([name]) => tensors.has(name))
    .map(([name, actual]) =>
      compareTensors(name, actual, tensors.float32(name), toleranceOf(name)),
    );
}

/** Names the tensors that no check covers, so that nothing is left out unsaid. */
export function unchecked(
  tensors: FixtureTensors,
  checks: readonly Check[],
  inputs: RegExp,
): Check[] {
  const covered = new Set(checks.map((check) => check.tensor));
  return tensors
    .names()
    .filter((name) => !covered.has(name) && !inputs.test(name))
    .map((name) => unsupported(name, 'no check for it'));
}

function required<T>(from: ReadonlyMap<string, T>, name: string, what: string): T {
  const found = from.get(name);
  if (found === undefined) throw new KronaError('FIXTURE_NAME', `there is no ${what} "${name}"`);
  return found;
}

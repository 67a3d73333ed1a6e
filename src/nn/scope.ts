/** @file Where model code gets its weights from: a module path inside a graph being traced. */
import { cast, type Graph, transpose, type Value, type ValueType, weight } from '../graph/index.ts';
import type { Shape } from '../tensor/tensor.ts';
import type { Site, SiteHook } from './site.ts';

/** The type of a weight, and how its file lays it out. */
export interface StoredWeight extends ValueType {
  /** The axes of the shape as they are stored, outermost first; undefined where they are stored in order. */
  readonly axes?: readonly number[] | undefined;
}

/** What all scopes of one traced model share. */
export interface Tracing {
  readonly graph: Graph;
  /** Types of the stored weights; undefined where no weights are at hand, as when planning. */
  readonly stored: ((name: string) => StoredWeight | undefined) | undefined;
  readonly hook: SiteHook | undefined;
  /** Every weight the model asked for so far, by name, as float32. */
  readonly weights: Map<string, Value>;
  /** Every site the model declared so far, by name, in order. */
  readonly sites: Map<string, Site>;
}

/** A module path, such as `down_blocks.0.resnets.1`, in a model that is being traced. */
export class Scope {
  readonly path: string;
  readonly #tracing: Tracing;

  private constructor(tracing: Tracing, path: string) {
    this.#tracing = tracing;
    this.path = path;
  }

  /** The root scope of a model. */
  static root(
    graph: Graph,
    {
      stored,
      hook,
    }: { readonly stored?: Tracing['stored']; readonly hook?: SiteHook | undefined } = {},
  ): Scope {
    return new Scope({ graph, stored, hook, weights: new Map(), sites: new Map() }, '');
  }

  get graph(): Graph {
    return this.#tracing.graph;
  }

  get weights(): ReadonlyMap<string, Value> {
    return this.#tracing.weights;
  }

  get sites(): readonly Site[] {
    return [...this.#tracing.sites.values()];
  }

  /** The scope of a submodule; `name` may hold dots. */
  child(name: string | number): Scope {
    return new Scope(this.#tracing, this.path === '' ? String(name) : `${this.path}.${name}`);
  }

  /** Runs a layer under this path, so that nodes and errors name it. */
  at<T>(layer: () => T): T {
    return this.graph.at(this.path, layer);
  }

  /**
   * The weight `name` of this module, widened to float32. Its shape is the model's claim; files are checked against it
   * (models/weights.ts), so that a misfit is reported with all others and not at the first layer it breaks.
   */
  weight(name: string, shape: Shape): Value {
    const full = this.path === '' ? name : `${this.path}.${name}`;
    const known = this.#tracing.weights.get(full);
    if (known !== undefined) return known;
    const { dtype = 'f32', axes } = this.#tracing.stored?.(full) ?? {};
    const value = this.at(() => {
      const stored = axes === undefined ? shape : axes.map((axis) => shape[axis] ?? 1);
      const widened = cast(weight(this.graph, full, dtype, stored), 'f32');
      const order = axes && shape.map((_, axis) => axes.indexOf(axis));
      return order === undefined ? widened : transpose(widened, order);
    });
    this.#tracing.weights.set(full, value);
    return value;
  }

  /** Declares this module as a place an adapter may attach to, and lets the adapter compute its output. */
  adapt(kind: Site['kind'], x: Value, weightValue: Value): Value | undefined {
    const [out = 0, inner = 0] = weightValue.shape;
    const site: Site = { name: this.path, kind, out, in: inner };
    this.#tracing.sites.set(site.name, site);
    return this.#tracing.hook?.(site, x, weightValue);
  }
}

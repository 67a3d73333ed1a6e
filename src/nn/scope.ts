/** @file Where model code gets its weights from: a module path inside a graph being traced. */
import { required } from '../base/required.ts';
import {
  add,
  cast,
  type Graph,
  input,
  linear,
  multiply,
  transpose,
  type Value,
  type ValueType,
  weight,
} from '../graph/index.ts';
import { elementCount, type Shape } from '../tensor/tensor.ts';
import { type EightBitUse, eightBitWeight } from './eight-bit-weight.ts';
import type { NormHook } from './norm-hook.ts';
import type { Site, SiteHook, SiteKind } from './site.ts';

/** The type of a weight, and how its file lays it out. */
export interface StoredWeight extends ValueType {
  /** The axes of the shape as they are stored, outermost first; undefined where they are stored in order. */
  readonly axes?: readonly number[] | undefined;
  /** A number that the stored ones are multiplied by. @default 1 */
  readonly scale?: number | undefined;
  /** What its eight bits are for. @default it has none */
  readonly eightBits?: EightBitUse | undefined;
}

/** What all scopes of one traced model share. */
export interface Tracing {
  readonly graph: Graph;
  /** Types of the stored weights; undefined where no weights are at hand, as when planning. */
  readonly stored: ((name: string) => StoredWeight | undefined) | undefined;
  /** Whether weights are fed at every run, to be trained, instead of read from their file. */
  readonly fed: boolean;
  readonly hook: SiteHook | undefined;
  /** Takes the place of what group norms do by themselves. */
  readonly norms: NormHook | undefined;
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
      fed = false,
      hook,
    }: {
      readonly stored?: Tracing['stored'];
      readonly fed?: boolean;
      readonly hook?: SiteHook | undefined;
    } = {},
  ): Scope {
    const shared = { graph, stored, fed, hook, norms: undefined };
    return new Scope({ ...shared, weights: new Map(), sites: new Map() }, '');
  }

  /** The same scope of a model whose group norms go by a hook. */
  withNorms(norms: NormHook): Scope {
    return new Scope({ ...this.#tracing, norms }, this.path);
  }

  get norms(): NormHook | undefined {
    return this.#tracing.norms;
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
    const { dtype = 'f32', axes, scale, eightBits } = this.#tracing.stored?.(full) ?? {};
    const whole = () => {
      const stored = axes === undefined ? shape : axes.map((axis) => required(shape, axis));
      const leaf = this.#tracing.fed ? input : weight;
      const numbers = cast(leaf(this.graph, full, dtype, stored), 'f32');
      const widened = scale === undefined ? numbers : multiply(numbers, scale);
      const order = axes && shape.map((_, axis) => axes.indexOf(axis));
      return order === undefined ? widened : transpose(widened, order);
    };
    const value = this.at(() =>
      eightBits === undefined
        ? whole()
        : eightBitWeight(this.graph, { name: full, shape, use: eightBits }, whole),
    );
    this.#tracing.weights.set(full, value);
    return value;
  }

  /** A vector of this module, such as its bias, as an adapter changes it; declared as a site. */
  vector(name: string, size: number): Value {
    const value = this.weight(name, [size]);
    const site = this.#declare('vector', `${this.path}.${name}`, value.shape);
    return this.#tracing.hook?.weight(site, value) ?? value;
  }

  /** The weight of this module as an adapter changes it, declared as a site. */
  adapted(kind: Exclude<SiteKind, 'vector'>, weightValue: Value): Value {
    const site = this.#declare(kind, this.path, weightValue.shape);
    return this.#tracing.hook?.weight(site, weightValue) ?? weightValue;
  }

  /** x W′ᵀ + b with this module's weight as an adapter changes it, declared as a site. */
  product(x: Value, weightValue: Value, bias: Value | undefined): Value {
    const site = this.#declare('linear', this.path, weightValue.shape);
    const { hook } = this.#tracing;
    const product = hook?.product?.(site, x, weightValue);
    if (product === undefined)
      return linear(x, hook?.weight(site, weightValue) ?? weightValue, bias);
    return bias === undefined ? product : add(product, bias);
  }

  #declare(kind: SiteKind, name: string, [out = 0, ...inner]: Shape): Site {
    const [, height, width] = inner;
    const site: Site = {
      name,
      kind,
      out,
      in: elementCount(inner),
      ...(height === undefined || width === undefined ? {} : { kernel: [height, width] }),
    };
    this.#tracing.sites.set(site.name, site);
    return site;
  }
}

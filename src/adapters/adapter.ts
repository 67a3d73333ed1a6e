/** @file What an adapter is: parameters per site, the change of weight they stand for, and how to say so in a graph. */
import { z } from 'zod';
import { ConfigError } from '../base/errors.ts';
import type { Value } from '../graph/index.ts';
import type { Site } from '../nn/index.ts';
import type { Shape } from '../tensor/tensor.ts';
import type { Initialiser } from './initial.ts';

/** One trainable tensor of one site. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initialiser;
}

/** The trainable tensors of one site, by name. */
export type SiteParameters = Readonly<Record<string, Value>>;

/** A product x W′ᵀ that an adapter computes; x: [..., in], weight: [out, in]. */
export interface AdaptedProduct {
  readonly site: Site;
  readonly x: Value;
  readonly weight: Value;
  readonly parameters: SiteParameters;
}

/** A method with its options: everything that shared code knows of it. */
export interface Adapter {
  readonly method: string;
  /** The options, complete, as they are written into files. */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * The trainable tensors of a site.
   *
   * @throws AdapterError where the options are impossible there
   */
  parameters(site: Site): readonly ParameterSpec[];
  /** ΔW: [out, in]. */
  deltaWeight(site: Site, parameters: SiteParameters): Value;
  /** x (W + ΔW)ᵀ, where there is a better way than forming ΔW and letting the compiler differentiate it. */
  forward?(product: AdaptedProduct): Value;
  /** Number of trainable parameters of a site, by formula. */
  parameterCount(site: Site): number;
}

/** A method: how to make an adapter from its options. */
export interface AdapterMethod {
  readonly name: string;
  /** One line for lists. */
  readonly title: string;
  /** JSON-schema-like description of the options, for flags and help. */
  readonly schema: z.ZodObject;
  /**
   * The adapter for these options.
   *
   * @throws ConfigError ADAPTER_OPTIONS naming what is unknown or out of range
   */
  configure(options: unknown): Adapter;
}

/** What a method's file states, with its options typed. */
export interface MethodDefinition<Schema extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly schema: Schema;
  readonly parameters: (site: Site, options: z.output<Schema>) => readonly ParameterSpec[];
  readonly deltaWeight: (
    parameters: SiteParameters,
    context: { readonly site: Site; readonly options: z.output<Schema> },
  ) => Value;
  readonly forward?: (product: AdaptedProduct, options: z.output<Schema>) => Value;
  readonly parameterCount: (site: Site, options: z.output<Schema>) => number;
}

/** Closes a definition over its parsed options, so that nobody else needs to know their type. */
export function defineAdapter<Schema extends z.ZodObject>(
  definition: MethodDefinition<Schema>,
): AdapterMethod {
  const { name, title, schema, forward } = definition;
  return {
    name,
    title,
    schema,
    configure(given) {
      const parsed = schema.safeParse(given);
      if (!parsed.success) {
        throw new ConfigError('ADAPTER_OPTIONS', `${name}: ${z.prettifyError(parsed.error)}`);
      }
      const options = parsed.data;
      return {
        method: name,
        options,
        parameters: (site) => definition.parameters(site, options),
        deltaWeight: (site, parameters) => definition.deltaWeight(parameters, { site, options }),
        parameterCount: (site) => definition.parameterCount(site, options),
        ...(forward === undefined ? {} : { forward: (product) => forward(product, options) }),
      };
    },
  };
}

/** A parameter by name; a missing one is a bug of the method. */
export function parameter(parameters: SiteParameters, name: string): Value {
  const value = parameters[name];
  if (value === undefined) throw new Error(`internal: the site has no parameter ${name}`);
  return value;
}

/** @file What an adapter is: parameters per site, the change of weight they stand for, and how to say so in a graph. */
import * as z from 'zod';
import { ConfigError } from '../base/errors.ts';
import { schemaProblems } from '../base/messages/schema-problems.ts';
import type { Value } from '../graph/index.ts';
import { matrixKinds, type Site, type SiteKind } from '../nn/index.ts';
import type { WithProducts } from '../tensor/products.ts';
import type { Shape, Tensor } from '../tensor/tensor.ts';
import type { Initialiser } from './algebra/initial.ts';

/** One tensor of one site, drawn or computed when a training begins. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initialiser;
  /** Whether it stays what it is at the start. @default trained */
  readonly isFrozen?: boolean;
}

/** The parameters and the constants of one site, by name. */
export type SiteParameters = Readonly<Record<string, Value>>;

/** Tensors of one site, by name. */
export type SiteTensors = Readonly<Record<string, Tensor<'f32'>>>;

/** What a method computes once from a site's frozen weight, such as its singular vectors. */
export interface ConstantsRule {
  /** The shapes by name, known before any weight is. */
  shapes(site: Site): Readonly<Record<string, Shape>>;
  /** The tensors of these names, from the weight [out, in]. */
  compute(site: Site, weight: Tensor<'f32'>): WithProducts<SiteTensors>;
}

/** A computation that asks for the gradients of a site's parameters at values that it gives. */
export type WithGradients<Result> = Generator<SiteTensors, Result, SiteTensors>;

/** A start that is computed from the mean gradients of the first batches. */
export interface GradientStart {
  readonly batches: number;
  /** How often it asks for gradients. */
  readonly rounds: number;
  /** The parameters of a site, from gradients at values at which ΔW is nothing; `drawn` are the initial ones. */
  compute(site: Site, drawn: SiteTensors): WithGradients<SiteTensors>;
}

/** What a method's parameters are once they are trained, where that is less than what training holds. */
export interface FinishedRule {
  /** Of the same method. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly tensors: (own: SiteTensors) => SiteTensors;
}

/** A site in a graph. */
export interface AdaptedSite {
  readonly site: Site;
  /** The frozen weight as a matrix [out, in]. */
  readonly weight: Value;
  readonly parameters: SiteParameters;
}

/** A product x W′ᵀ that an adapter computes; x: [..., in]. */
export interface AdaptedProduct extends AdaptedSite {
  readonly x: Value;
}

/** A word that an adapter adds to the vocabulary. */
export interface NewToken {
  readonly token: string;
  /** Rows of the token table that it stands for. */
  readonly vectors: number;
  /** The index in a text's tokens where its rows stand, wherever the text has it. @default where the text has it */
  readonly position?: number | undefined;
}

/** Settings that a method asks for where the user gives none. */
export interface MethodDefaults {
  readonly targets?: readonly string[];
  /** Whether it trains a new token besides. */
  readonly newToken?: boolean;
  /** What that token starts as. */
  readonly wordFrom?: 'pictures';
  readonly learningRate?: number;
  readonly steps?: number;
  readonly batchSize?: number;
}

/** A method with its options: everything that shared code knows of it. */
export interface Adapter {
  readonly method: string;
  /** The options, complete, as they are written into files. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Which weights it can change. */
  readonly kinds: readonly SiteKind[];
  /** The words it adds, in the order of their rows. */
  readonly newTokens: readonly NewToken[];
  /** Probability that a step of training leaves a site as it is (module dropout). */
  readonly dropout: number;
  /** Parameters that ΔW is proportional to, of which each site has one; none where it is proportional to none. */
  readonly linearIn: readonly string[];
  /** Names of the parameters of each product that ΔW is a sum of. @default one product of all of them */
  readonly summands?: readonly (readonly string[])[];
  /** Learning rates as multiples of the run's, by parameter; 1 for those that are not mentioned. */
  readonly learningRates: Readonly<Record<string, number>>;
  /**
   * The tensors of a site that a training begins with.
   *
   * @throws AdapterError where the options are impossible there
   */
  parameters(site: Site): readonly ParameterSpec[];
  /** Among the parameters of every site. @default nothing */
  readonly constants?: ConstantsRule;
  /** @default as the parameters are drawn */
  readonly gradientStart?: GradientStart;
  /** How files have it. @default as training does */
  readonly finished?: FinishedRule;
  /** ΔW: [out, in]; of a table the rows [K, in] that follow its own. */
  deltaWeight(adapted: AdaptedSite): Value;
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
  readonly defaults: MethodDefaults;
  /** JSON-schema-like description of the options, for flags and help. */
  readonly schema: z.ZodObject;
  /**
   * The adapter for these options.
   *
   * @throws ConfigError ADAPTER_OPTIONS naming what is unknown or out of range
   */
  configure(options: unknown): Adapter;
}

/** Says of an option in a schema that it counts only where another one has a value: `.meta(countsWith('dora', true))`. */
export function countsWith(
  option: string,
  value: string | boolean,
): Readonly<Record<string, unknown>> {
  return { countsWith: [option, value] };
}

const countsWithSchema = z.tuple([z.string(), z.union([z.string(), z.boolean()])]);

/** What a method's file states, with its options typed. */
export interface MethodDefinition<Schema extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** @default matrices: linear and convolution */
  readonly kinds?: readonly SiteKind[];
  readonly defaults?: MethodDefaults;
  readonly schema: Schema;
  /** @default none */
  readonly newTokens?: (options: z.output<Schema>) => readonly NewToken[];
  /** @default none */
  readonly dropout?: (options: z.output<Schema>) => number;
  /** @default none */
  readonly linearIn?: (options: z.output<Schema>) => readonly string[];
  /** @default one product of all parameters */
  readonly summands?: readonly (readonly string[])[];
  /** @default none */
  readonly learningRates?: (options: z.output<Schema>) => Readonly<Record<string, number>>;
  readonly parameters: (site: Site, options: z.output<Schema>) => readonly ParameterSpec[];
  /** @default nothing */
  readonly constants?: ConstantsRule;
  /** Undefined where the options start otherwise. */
  readonly gradientStart?: (options: z.output<Schema>) => GradientStart | undefined;
  /** Undefined where files have it as training does. */
  readonly finished?: (options: z.output<Schema>) => FinishedRule | undefined;
  readonly deltaWeight: (adapted: AdaptedSite, options: z.output<Schema>) => Value;
  /** Undefined where the options have no better way. */
  readonly forward?: (
    options: z.output<Schema>,
  ) => ((product: AdaptedProduct) => Value) | undefined;
  readonly parameterCount: (site: Site, options: z.output<Schema>) => number;
}

/** Closes a definition over its parsed options, so that nobody else needs to know their type. */
export function defineAdapter<Schema extends z.ZodObject>(
  definition: MethodDefinition<Schema>,
): AdapterMethod {
  const { name, title, schema, kinds = matrixKinds, defaults = {} } = definition;
  return {
    name,
    title,
    defaults,
    schema,
    configure(given) {
      const parsed = schema.safeParse(given);
      if (!parsed.success) {
        throw new ConfigError(
          'ADAPTER_OPTIONS',
          `${name}: ${schemaProblems(schema, given, parsed.error)}`,
        );
      }
      const options = parsed.data;
      requireThatAllCount(name, schema, options);
      const { constants, summands } = definition;
      const forward = definition.forward?.(options);
      const gradientStart = definition.gradientStart?.(options);
      const finished = definition.finished?.(options);
      return {
        method: name,
        options,
        kinds,
        newTokens: definition.newTokens?.(options) ?? [],
        dropout: definition.dropout?.(options) ?? 0,
        linearIn: definition.linearIn?.(options) ?? [],
        learningRates: definition.learningRates?.(options) ?? {},
        parameters: (site) => definition.parameters(site, options),
        deltaWeight: (adapted) => definition.deltaWeight(adapted, options),
        parameterCount: (site) => definition.parameterCount(site, options),
        ...(summands === undefined ? {} : { summands }),
        ...(constants === undefined ? {} : { constants }),
        ...(forward === undefined ? {} : { forward }),
        ...(gradientStart === undefined ? {} : { gradientStart }),
        ...(finished === undefined ? {} : { finished }),
      };
    },
  };
}

/** An option that is given and passed over would look as if it had been heeded. */
function requireThatAllCount(
  method: string,
  { shape }: z.ZodObject,
  options: Readonly<Record<string, unknown>>,
): void {
  for (const [option, field] of Object.entries(shape)) {
    const { data } = countsWithSchema.safeParse(z.globalRegistry.get(field)?.countsWith);
    if (data === undefined) continue;
    const [other, value] = data;
    if (options[option] === undefined || options[other] === value) continue;
    const found = options[other] === undefined ? 'is not given' : `is ${String(options[other])}`;
    throw new ConfigError(
      'ADAPTER_OPTIONS',
      `${method}: ${option} counts only where ${other} is ${String(value)}, and ${other} ${found}; set ${other}, or leave ${option} out`,
    );
  }
}

/** A parameter by name; a missing one is a bug of the method. */
export function parameter(parameters: SiteParameters, name: string): Value {
  const value = parameters[name];
  if (value === undefined) throw new Error(`internal: the site has no parameter ${name}`);
  return value;
}

/** @file An operation of Studio on the server: its name, its input's schema, and what it does. */
import type * as z from 'zod';
import { ConfigError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import type { InputOf, OperationName, Operations, OutputOf } from '../interface/studio.ts';
import type { StudioServices } from '../work/studio-services.ts';

/** What an operation is made of; everything that reaches `run` has passed the schema. */
export interface OperationDefinition<Name extends OperationName> {
  readonly name: Name;
  readonly kind: Operations[Name]['kind'];
  /** Strict, with bounds: the input comes from whoever can reach the server. */
  readonly schema: z.ZodType<InputOf<Name>>;
  readonly run: (input: InputOf<Name>, studio: StudioServices) => Promise<OutputOf<Name>>;
}

/** An operation that anybody may ask. */
export interface Operation<Name extends OperationName> {
  readonly name: Name;
  readonly kind: Operations[Name]['kind'];
  readonly schema: z.ZodType<InputOf<Name>>;
  /** Checks an input and carries the operation out. @throws ConfigError INPUT_INVALID */
  readonly ask: (input: unknown, studio: StudioServices) => Promise<OutputOf<Name>>;
}

/**
 * Defines an operation, typed by its name.
 *
 * @example
 * export const runsList = defineOperation({
 *   name: 'runs.list',
 *   kind: 'look',
 *   schema: z.strictObject({}),
 *   run: async (_, { runs }) => await runs.list(),
 * });
 */
export function defineOperation<Name extends OperationName>({
  name,
  kind,
  schema,
  run,
}: OperationDefinition<Name>): Operation<Name> {
  const ask = async (input: unknown, studio: StudioServices) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return await run(parsed.data, studio);
    const problems = schemaProblems(schema, input, parsed.error);
    throw new ConfigError('INPUT_INVALID', `${name}: ${problems}`);
  };
  return { name, kind, schema, ask };
}

/** All operations of an area, by name: one that lacks or has other types does not compile. */
export type Defined<Area> = {
  readonly [Name in keyof Area & OperationName]: Operation<Name>;
};

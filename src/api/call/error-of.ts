/** @file Which errors are an operation's own, so that a program can answer all of them. */
import { KronaError } from '../../base/errors.ts';
import { operationErrors } from './operation-errors.ts';

/** A function of the package that has errors of its own. */
export type OperationName = keyof typeof operationErrors;

/** The codes that the documentation of a function names. */
export type ErrorCodeOf<Name extends OperationName> = (typeof operationErrors)[Name][number];

/** One of a function's own errors. */
export type ErrorOf<Name extends OperationName> = Omit<KronaError, 'code'> & {
  readonly code: ErrorCodeOf<Name>;
};

/**
 * Whether an error is one of those that the documentation of a function names: what it can run into by itself, beside
 * all that can be wrong with the files, models and settings that it is given. A `switch` over their codes can be
 * checked to be exhaustive.
 *
 * @example
 * ```ts
 * const { step } = await resume({ run: 'runs/dog' }).catch((error: unknown) => {
 *   if (!isErrorOf('resume', error)) throw error;
 *   switch (error.code) {
 *     case 'RUN_IN_USE':
 *       return { step: undefined };
 *     // ...
 *     default:
 *       throw error satisfies never;
 *   }
 * });
 * ```
 */
export function isErrorOf<Name extends OperationName>(
  name: Name,
  error: unknown,
): error is ErrorOf<Name> {
  const codes: readonly string[] = operationErrors[name];
  return error instanceof KronaError && codes.includes(error.code);
}

/** @file The errors a caller may catch. Each has a stable `code`; its message says where, what was expected, what was found, and what to do. */
import type { ErrorCode } from './derived/error-codes.ts';

/** What an error says beside its message. */
export interface KronaErrorOptions extends ErrorOptions {
  /** What a program may go on with, such as the folder that the message speaks of. */
  readonly details?: Readonly<Record<string, string>>;
}

/**
 * Base class of every error this package throws on purpose. Anything else is a bug of ours.
 *
 * Settings stand in backquotes, as code has them, also with a value: `` `rank: 8` ``.
 */
export class KronaError extends Error {
  /**
   * Stable, upper-case identifier, for programs; a process of another version may answer with codes of its own. Those of
   * one function are told apart by `isErrorOf`.
   */
  readonly code: ErrorCode | (string & Record<never, never>);
  /** @default none */
  readonly details: Readonly<Record<string, string>>;

  constructor(code: string, message: string, options?: KronaErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.details = options?.details ?? {};
  }
}

/** A graph was traced with shapes or dtypes that do not fit together. */
export class ShapeError extends KronaError {}

/** A file's bytes are not what its format asks for. */
export class FormatError extends KronaError {}

/** A model folder, its configuration or its weights are not usable. */
export class ModelError extends KronaError {}

/** An adapter cannot be attached, read or written as asked. */
export class AdapterError extends KronaError {}

/** Training pictures, captions or prompts are not usable. */
export class DataError extends KronaError {}

/** A setting is unknown, out of range, or contradicts another one. */
export class ConfigError extends KronaError {}

/** A run cannot start, go on or be read. */
export class RunError extends KronaError {}

/** The machine cannot do what was asked: disk full, no permission, a session that does not load. */
export class SystemError extends KronaError {}

/** Fails where our own reasoning was wrong; the message starts with `internal:`. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`internal: ${message}`);
}

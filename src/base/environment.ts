/** @file The variables of a process, as a value. */

/** Variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** @file What inputs of several operations are made of. */
import * as z from 'zod';

/** An id of whatever kind; whether there is such a thing is seen in a listing. */
export const idSchema = z.string().min(1).max(400);

/** A prompt, or another text that a person types. */
export const textSchema = z.string().max(10_000);

/** Values of a form, by the settings' names; whoever uses them checks the values. */
export const settingsSchema = z.record(z.string().max(100), z.unknown());

/** Characters of a run's name. */
export const longestRunName = 100;

/** A name for a new run; what cannot be one is refused by who makes it. */
export const runNameSchema = z.string().min(1).max(longestRunName);

/** Input of an operation that takes nothing. */
export const nothingSchema = z.strictObject({});

/** Input of an operation on one thing. */
export const oneSchema = z.strictObject({ id: idSchema });

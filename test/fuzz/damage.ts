/** @file The kinds of damage, and none: what is not damaged must be taken, or the refusals say nothing. */
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson, mutateValue, textOf } from './mutate-json.ts';
import { mutateSafetensors } from './mutate-safetensors.ts';
import type { Random } from './random.ts';

/** Changes what a file holds. */
export interface Damage {
  readonly bytes: (bytes: Uint8Array) => Uint8Array;
  readonly safetensors: (bytes: Uint8Array) => Uint8Array;
  /** A value as the text of a JSON file. */
  readonly json: (value: unknown) => Uint8Array;
  /** A value as the text of a YAML file. */
  readonly yaml: (value: unknown) => Uint8Array;
  /** A value that never was a text. */
  readonly value: (value: unknown) => unknown;
  /** One of the given, each a way to damage; the first is the sound one. */
  readonly choice: <T>(options: readonly T[]) => T;
}

export const damageBy = (random: Random): Damage => ({
  bytes: (bytes) => mutateBytes(bytes, random),
  safetensors: (bytes) => mutateSafetensors(bytes, random),
  json: (value) => mutateJson(value, random),
  yaml: (value) => mutateJson(value, random, true),
  value: (value) => mutateValue(value, random),
  choice: (options) => random.pick(options),
});

const asText = (value: unknown): Uint8Array => new Uint8Array(Buffer.from(textOf(value)));

/** Leaves everything as it is. */
export const noDamage: Damage = {
  bytes: (bytes) => bytes,
  safetensors: (bytes) => bytes,
  json: asText,
  yaml: asText,
  value: (value) => value,
  choice: <T>([first]: readonly T[]): T => {
    if (first === undefined) throw new Error('internal: no choice');
    return first;
  },
};

/** @file Settings that count only beside another one. */
import { ConfigError } from '../errors.ts';

/** A setting that nothing heeds, and what it would count with, in the words of messages. */
export type Unheeded<Name extends string> = readonly [
  name: Name,
  isUnheeded: boolean,
  other: string,
];

/** What was said of settings, and what would be taken without it. */
export interface Said {
  readonly given: object;
  /** Values where the user says nothing. */
  readonly usual: object;
  /** Before the names, for settings that stand within another one. @default nothing */
  readonly place?: string;
}

/**
 * Refuses settings that were given and that nothing would heed. What a base or a method recommends is heeded or not, as the
 * rest of the settings has it, and a value that would be taken anyway says nothing.
 *
 * @throws ConfigError SETTING_UNHEEDED naming what it counts with
 */
export function refuseUnheeded(
  dependents: readonly Unheeded<string>[],
  { given, usual, place = '' }: Said,
): void {
  const said = new Map<string, unknown>(Object.entries(given));
  const taken = new Map<string, unknown>(Object.entries(usual));
  const isSaid = (name: string) =>
    said.get(name) !== undefined &&
    JSON.stringify(said.get(name)) !== JSON.stringify(taken.get(name));
  for (const [name, isUnheeded, other] of dependents) {
    if (!isUnheeded || !isSaid(name)) continue;
    throw new ConfigError(
      'SETTING_UNHEEDED',
      `${place}${name}: expected ${other} with it, without which nothing heeds it; give that too, or leave \`${name}\` out`,
    );
  }
}

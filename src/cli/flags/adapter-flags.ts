/** @file The options of all adapter methods as flags, such as --a1, --a2 and --rank; they go to the chosen method. */
import type { Command } from 'commander';
import { adapters, isAdapterName } from '../../adapters/index.ts';
import { ConfigError } from '../../base/errors.ts';
import { type Field, fieldsOf } from './fields.ts';
import { addFlags, readFlags } from './flags.ts';

const fieldsOfMethod: ReadonlyMap<string, readonly Field[]> = new Map(
  Object.values(adapters).map(({ name, schema }) => [name, fieldsOf(schema)]),
);

/** Adds the options of every method; one that several methods have is added once. */
export function addAdapterFlags(command: Command): void {
  const added = new Set<string>();
  for (const [method, fields] of fieldsOfMethod) {
    const own = fields.filter(({ key }) => !added.has(key));
    for (const { key } of own) added.add(key);
    addFlags(command, own, `Options of --adapter ${method}:`);
  }
}

/**
 * The options that the command line gave for a method.
 *
 * @throws ConfigError FLAG_VALUE, or OPTION_OF_OTHER_ADAPTER naming the method it belongs to
 */
export function readAdapterFlags(command: Command, method: string): Record<string, unknown> {
  // An unknown method is refused where it is configured, with the nearest name.
  if (!isAdapterName(method)) return {};
  const own = fieldsOfMethod.get(method) ?? [];
  const given = command.opts<Readonly<Record<string, unknown>>>();
  for (const [other, fields] of fieldsOfMethod) {
    const stray = fields.find(
      ({ key }) => given[key] !== undefined && !own.some((field) => field.key === key),
    );
    if (stray === undefined) continue;
    throw new ConfigError(
      'OPTION_OF_OTHER_ADAPTER',
      `${stray.flag} is an option of the adapter "${other}", the chosen adapter is "${method}"; add --adapter ${other}, or leave ${stray.flag} out`,
    );
  }
  return readFlags(own, command);
}

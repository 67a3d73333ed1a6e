/** @file Looks a name up that somebody wrote. */

/** What a table holds under a name; nothing of what every object has, such as `constructor`. */
export function ownValue<Value>(
  table: Readonly<Record<string, Value>>,
  name: string,
): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

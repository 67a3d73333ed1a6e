/** @file The methods whose tensors can be read; to add one: a reader and a line here. */
import {
  type ForeignModule,
  type MethodReader,
  refusal,
  type SiteReading,
} from './foreign-module.ts';
import { fullReader } from './read-full.ts';
import { lohaReader } from './read-loha.ts';
import { lokrReader } from './read-lokr.ts';
import { loraReader } from './read-lora.ts';
import { oftReader } from './read-oft.ts';

const readers: readonly MethodReader[] = [
  loraReader,
  lokrReader,
  lohaReader,
  oftReader,
  fullReader,
];

/** The methods as people call them. */
export const methodTitles: readonly string[] = readers.map(({ title }) => title);

/**
 * What the tensors of one module mean, on each of its sites.
 *
 * @throws AdapterError METHOD_UNKNOWN where no method explains all of them, METHOD_TWICE where two change one weight
 */
export function readModule(module: ForeignModule): readonly SiteReading[] {
  const roles = [...module.tensors.keys()];
  const fitting = readers.filter(({ signs }) => signs.some((sign) => roles.includes(sign)));
  const explained = fitting.flatMap(({ signs, others = [] }) => [...signs, ...others]);
  const left = roles.filter((role) => !explained.includes(role));
  if (fitting.length === 0 || left.length > 0) {
    const what = fitting.map(({ title }) => title).join(' and ');
    throw refusal(
      module,
      'METHOD_UNKNOWN',
      `${(left.length > 0 ? left : roles).join(', ')} ${what === '' ? 'belong to no method that can be read' : `is nothing that ${what} has`}; known are ${methodTitles.join(', ')}`,
    );
  }
  const readings = fitting.flatMap(({ read }) => read(module));
  const names = readings.map(({ site }) => site.name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return readings;
  throw refusal(
    module,
    'METHOD_TWICE',
    `${fitting.map(({ title }) => title).join(' and ')} both change ${twice}, and which of them counts is not said; remove the tensors of one of them`,
  );
}

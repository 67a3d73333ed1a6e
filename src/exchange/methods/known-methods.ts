/** @file The methods that other tools' files hold, read and written; to add one: a record beside this file and a line here. */
import { type AdapterFile, parameterName } from '../../adapters/index.ts';
import { AdapterError, invariant } from '../../base/errors.ts';
import { isEmbeddingAdapter } from './embedding-tensors.ts';
import { type ForeignModule, refusal, type SiteReading } from './foreign-module.ts';
import { fullTensors } from './full-tensors.ts';
import { gloraTensors } from './glora-tensors.ts';
import { ia3Tensors } from './ia3-tensors.ts';
import { lohaTensors } from './loha-tensors.ts';
import { lokrTensors } from './lokr-tensors.ts';
import { loraTensors } from './lora-tensors.ts';
import type { ForeignMethod, SiteWriter } from './method-record.ts';
import { boftTensors } from './rotations/boft-tensors.ts';
import { oftTensors } from './rotations/oft-tensors.ts';
import type { WrittenModule } from './written-module.ts';

const methods: readonly ForeignMethod[] = [
  loraTensors,
  lokrTensors,
  lohaTensors,
  oftTensors,
  boftTensors,
  gloraTensors,
  ia3Tensors,
  fullTensors,
];

/** Writers by the names of our methods. */
const writers: ReadonlyMap<string, SiteWriter> = new Map(
  methods.flatMap(({ write }) => Object.entries(write)),
);

/** The methods as people call them. */
export const methodTitles: readonly string[] = methods.map(({ title }) => title);

/**
 * What the tensors of one module mean, on each of its sites.
 *
 * @throws AdapterError METHOD_UNKNOWN where no method explains all of them, METHOD_TWICE where two change one weight
 */
export function readModule(module: ForeignModule): readonly SiteReading[] {
  const roles = [...module.tensors.keys()];
  const fitting = methods.filter(({ signs }) => signs.some((sign) => roles.includes(sign)));
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

/**
 * The modules of an adapter's sites; new rows of token tables are left out.
 *
 * @throws AdapterError FORMAT_UNFIT for a method that no other tool knows
 */
export function writtenModules({ placed, tensors }: AdapterFile): readonly WrittenModule[] {
  return placed
    .filter((each) => !isEmbeddingAdapter(each))
    .flatMap(({ adapter, sites }) => {
      const write = writers.get(adapter.method);
      if (write === undefined) {
        throw new AdapterError(
          'FORMAT_UNFIT',
          `no other tool knows ${adapter.method}; convert it to a LoRA, or merge it into a checkpoint`,
        );
      }
      return sites.map((site) => {
        const parameters = adapter.parameters(site).map(({ name }) => {
          const found = tensors.get(parameterName(site, name));
          invariant(found !== undefined, `${site.name} has no ${name}`);
          return [name, found] as const;
        });
        return { site, ...write(site, adapter.options, Object.fromEntries(parameters)) };
      });
    });
}

/** @file The adapters there are. To add one: a file beside this one and a line in `adapters`. */
import { ConfigError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import type { Adapter, AdapterMethod } from './adapter.ts';
import { customDiffusion } from './methods/custom-diffusion.ts';
import { dreambooth } from './methods/dreambooth.ts';
import { krona } from './methods/krona.ts';
import { loha } from './methods/loha.ts';
import { lokr } from './methods/lokr.ts';
import { lora } from './methods/lora.ts';
import { oft } from './methods/oft.ts';
import { svdiff } from './methods/svdiff.ts';
import { textualInversion } from './methods/textual-inversion.ts';

export const adapters = {
  krona,
  lora,
  lokr,
  loha,
  oft,
  svdiff,
  'textual-inversion': textualInversion,
  'custom-diffusion': customDiffusion,
  dreambooth,
} as const satisfies Record<string, AdapterMethod>;

export type AdapterName = keyof typeof adapters;

export function isAdapterName(name: string): name is AdapterName {
  return Object.hasOwn(adapters, name);
}

/** For messages: where a setting stands that is an option of methods; undefined where it is none. */
export function optionHint(key: string, value: unknown): string | undefined {
  const methods = Object.values(adapters).filter(({ schema }) => Object.hasOwn(schema.shape, key));
  if (methods.length === 0) return undefined;
  const names = methods.map(({ name }) => name).join(', ');
  return `; it is an option of the method ${names}: write adapterOptions: { ${key}: ${JSON.stringify(value)} }`;
}

/**
 * An adapter by the name of its method.
 *
 * @throws ConfigError UNKNOWN_ADAPTER, or ADAPTER_OPTIONS
 */
export function configureAdapter(name: string, options: unknown): Adapter {
  if (isAdapterName(name)) return adapters[name].configure(options);
  const known = Object.keys(adapters);
  throw new ConfigError(
    'UNKNOWN_ADAPTER',
    `there is no adapter "${name}"${didYouMean(name, known)} (there are ${known.join(', ')})`,
  );
}

/** @file The adapters there are. To add one: a file in `methods` and a line in `adapters`; one that is only read has the same form. */
import { ConfigError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { ownValue } from '../base/own-value.ts';
import type { Adapter, AdapterMethod } from './adapter.ts';
import { blipDiffusion } from './methods/blip-diffusion.ts';
import { customDiffusion } from './methods/custom-diffusion.ts';
import { dreambooth } from './methods/dreambooth.ts';
import { krona } from './methods/krona.ts';
import { loha } from './methods/loha.ts';
import { lokr } from './methods/lokr.ts';
import { lora } from './methods/lora.ts';
import { oft } from './methods/oft.ts';
import { svdiff } from './methods/svdiff.ts';
import { textualInversion } from './methods/textual-inversion.ts';
import { boft } from './read-only/boft.ts';
import { glora } from './read-only/glora.ts';
import { ia3 } from './read-only/ia3.ts';

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
  'blip-diffusion': blipDiffusion,
} as const satisfies Record<string, AdapterMethod>;

/** Methods of other tools that are read, drawn with and merged, and that no training offers. */
const readOnly: Readonly<Record<string, AdapterMethod>> = { glora, ia3, boft };

const all: Readonly<Record<string, AdapterMethod>> = { ...adapters, ...readOnly };

/** The names of all methods that files may have. */
export const methodNames: readonly string[] = Object.keys(all);

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
 * An adapter by the name of its method, as files have it.
 *
 * @throws ConfigError UNKNOWN_ADAPTER, or ADAPTER_OPTIONS
 */
export function configureAdapter(name: string, options: unknown): Adapter {
  const method = ownValue(all, name);
  if (method !== undefined) return method.configure(options);
  throw unknownAdapter(name);
}

/**
 * An adapter that a training may have.
 *
 * @throws ConfigError UNKNOWN_ADAPTER, METHOD_READ_ONLY, or ADAPTER_OPTIONS
 */
export function trainableAdapter(name: string, options: unknown): Adapter {
  requireTrainable(name, 'adapter');
  if (!isAdapterName(name)) throw unknownAdapter(name);
  return adapters[name].configure(options);
}

/**
 * @param setting that asks for the training
 * @throws ConfigError METHOD_READ_ONLY for a method of other tools that is read from their files alone
 */
export function requireTrainable(method: string, setting: string): void {
  if (!Object.hasOwn(readOnly, method)) return;
  throw new ConfigError(
    'METHOD_READ_ONLY',
    `${setting}: ${method} is read from the files of other tools and drawn with, not trained (there are ${Object.keys(adapters).join(', ')}); convert its file to a LoRA to go on from it`,
  );
}

function unknownAdapter(name: string): ConfigError {
  const known = Object.keys(adapters);
  return new ConfigError(
    'UNKNOWN_ADAPTER',
    `there is no adapter "${name}"${didYouMean(name, known)} (there are ${known.join(', ')})`,
  );
}

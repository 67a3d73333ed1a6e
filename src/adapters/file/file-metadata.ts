/** @file What an adapter file says about itself: methods with options and sites, the base it was trained on, and how. */
import * as z from 'zod';
import { AdapterError, FormatError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { didYouMean } from '../../base/nearest.ts';

/** The version this code writes; it refuses higher ones. */
const version = 1;

const baseSchema = z.strictObject({
  /** What the user called the base: `pocket`, or the name of a folder. */
  name: z.string(),
  /** Number of sites that the base has, adapted or not. */
  sites: z.number().int().nonnegative(),
});

const trainingSchema = z.strictObject({
  subject: z.string().optional(),
  class: z.string().optional(),
  prompt: z.string().optional(),
  steps: z.number().int().nonnegative().optional(),
  batchSize: z.number().int().positive().optional(),
  accumulate: z.number().int().positive().optional(),
  learningRate: z.number().positive().optional(),
  resolution: z.number().int().positive().optional(),
  priorWeight: z.number().positive().optional(),
  seed: z.number().int().nonnegative().optional(),
  /** Left out where it is 1. */
  clipSkip: z.number().int().positive().optional(),
  /** Subjects that were taught beside that one. */
  concept: z
    .array(z.strictObject({ subject: z.string(), class: z.string(), prompt: z.string() }))
    .optional(),
});

const size = z.number().int().positive();
const siteSchema = z
  .strictObject({
    name: z.string().min(1),
    kind: z.enum(['linear', 'convolution', 'vector', 'table']),
    out: size,
    in: size,
    kernel: z.tuple([size, size]).optional(),
  })
  .transform(({ kernel, ...site }) => (kernel === undefined ? site : { ...site, kernel }));

const adapterSchema = z.strictObject({
  method: z.string(),
  options: z.record(z.string(), z.unknown()),
  sites: z.array(siteSchema).min(1),
});

/** Every key of ours with the schema of its JSON; the order is that of messages. */
const schemas = {
  'krona.adapters': z.array(adapterSchema).min(1),
  'krona.targets': z.array(z.string()).optional(),
  'krona.base': baseSchema,
  'krona.training': trainingSchema.optional(),
} as const;

/** The base model an adapter was trained on. */
export type AdapterBase = z.output<typeof baseSchema>;
/** What the adapter was taught; whatever is not known is left out. */
export type AdapterTraining = z.output<typeof trainingSchema>;

type Key = keyof typeof schemas;
type Parsed = { readonly [K in Key]: z.output<(typeof schemas)[K]> };

/** The metadata of an adapter file, with its JSON parsed. */
export interface AdapterMetadata {
  /** Methods with their options, each with its sites. */
  readonly adapters: Parsed['krona.adapters'];
  readonly targets?: readonly string[];
  readonly base: AdapterBase;
  readonly training?: AdapterTraining;
}

/** Whether these metadata are of a file of ours, of any version. */
export function isAdapterMetadata(metadata: Readonly<Record<string, string>>): boolean {
  return 'krona.version' in metadata;
}

/** The strings of a safetensors header; equal metadata give equal strings. */
export function encodeMetadata(metadata: AdapterMetadata): Record<string, string> {
  const { adapters, targets, base, training } = metadata;
  const values = {
    'krona.adapters': adapters,
    'krona.targets': targets,
    'krona.base': base,
    'krona.training': training,
  } satisfies { readonly [K in Key]: unknown };
  // "pt" says that matrices are stored [out, in], as torch does; some viewers ask for it.
  const strings: Record<string, string> = { format: 'pt', 'krona.version': String(version) };
  for (const [key, value] of Object.entries(values)) {
    // Parsing puts the keys of objects into the order of their schema.
    if (value !== undefined) strings[key] = JSON.stringify(schemas[key as Key].parse(value));
  }
  return strings;
}

/**
 * Reads what encodeMetadata() wrote; metadata of other tools are passed over.
 *
 * @throws AdapterError ADAPTER_VERSION where a newer version wrote the file
 * @throws FormatError ADAPTER_METADATA naming the key and what is wrong with it
 */
export function decodeMetadata(
  metadata: Readonly<Record<string, string>>,
  where: string,
): AdapterMetadata {
  refuseOtherVersions(metadata['krona.version'] ?? '', where);
  const known = ['krona.version', ...Object.keys(schemas)];
  for (const key of Object.keys(metadata)) {
    if (!key.startsWith('krona.') || known.includes(key)) continue;
    throw new FormatError(
      'ADAPTER_METADATA',
      `${where}: unknown metadata "${key}"${didYouMean(key, known)} (there are ${known.join(', ')})`,
    );
  }
  const read = <K extends Key>(key: K): Parsed[K] => {
    const found = parseJson(metadata[key], key, where);
    const parsed = schemas[key].safeParse(found);
    if (parsed.success) return parsed.data as Parsed[K];
    throw new FormatError(
      'ADAPTER_METADATA',
      `${where}: ${key}: ${schemaProblems(schemas[key], found, parsed.error)}`,
    );
  };
  const targets = read('krona.targets');
  const training = read('krona.training');
  return {
    adapters: read('krona.adapters'),
    base: read('krona.base'),
    ...(targets === undefined ? {} : { targets }),
    ...(training === undefined ? {} : { training }),
  };
}

function refuseOtherVersions(found: string, where: string): void {
  if (found === String(version)) return;
  if (/^[1-9]\d*$/.test(found)) {
    throw new AdapterError(
      'ADAPTER_VERSION',
      `${where}: written in version ${found} of the adapter format, this program reads ${version}; update diffusekrona`,
    );
  }
  throw new FormatError(
    'ADAPTER_METADATA',
    `${where}: krona.version: expected a number such as "${version}", found "${found}"`,
  );
}

function parseJson(text: string | undefined, key: string, where: string): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(
      'ADAPTER_METADATA',
      `${where}: ${key}: expected JSON, found text that does not parse (${reason})`,
      { cause },
    );
  }
}

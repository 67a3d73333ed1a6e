/** @file One adapter as a user asks for it: its file, how strong it is, at which sites and in which part of the denoising. */
import * as z from 'zod';
import { ConfigError } from '../base/errors.ts';
import { isTensorFileName } from '../storage/weights/tensor-file.ts';

const share = z.number().min(0).max(1);

/** An adapter to use, as an object. */
export const requestSchema = z
  .strictObject({
    file: z.string().min(1),
    strength: z.number().default(1),
    /** By patterns of sites, the last match winning. */
    strengths: z.record(z.string(), z.number()).default({}),
    /** Shares of the noise schedule, 0 at the noisiest timestep. */
    from: share.default(0),
    to: share.default(1),
  })
  .refine(({ from, to }) => from < to, { error: 'from must be below to', path: ['from'] });

/** An adapter to use; from, to and the strengths are complete. */
export type AdapterRequest = z.output<typeof requestSchema>;

/** An object, or its text on the command line: `dog.safetensors=0.8,attn2.*=0.5,from=0.2,to=0.9`. */
export const adapterRequestSchema = z.union([
  z.string().transform(parseAdapterRequest),
  requestSchema,
]);

/**
 * Reads `FILE[=STRENGTH][,PATTERN=STRENGTH]...[,from=SHARE][,to=SHARE]`.
 *
 * @throws ConfigError ADAPTER_REQUEST naming the part that is wrong
 */
export function parseAdapterRequest(text: string): AdapterRequest {
  const { first, others } = beginningOf(text);
  const [file, strength] = fileAndStrength(first);
  if (file === '') throw wrong(text, 'there is no file', 'begin with the file');
  const settings = new Map<string, number>();
  for (const other of others) {
    const separator = other.lastIndexOf('=');
    const name = other.slice(0, Math.max(separator, 0));
    if (name === '') throw wrong(text, `"${other}" is no name=number`, form);
    if (settings.has(name)) throw wrong(text, `"${name}" is given twice`, 'give it once');
    settings.set(name, numberOf(other.slice(separator + 1), name, text));
  }
  const { from = 0, to = 1, ...strengths } = Object.fromEntries(settings);
  for (const [name, value] of Object.entries({ from, to })) {
    if (value >= 0 && value <= 1) continue;
    throw wrong(text, `${name} is ${value}`, 'it is a share of the denoising, 0 to 1');
  }
  if (from >= to) {
    throw wrong(text, `from ${from} is not below to ${to}`, 'it would never be on');
  }
  return {
    file,
    strength: strength === undefined ? 1 : numberOf(strength, file, text),
    strengths,
    from,
    to,
  };
}

/** The text that reads as the request. */
export function formatAdapterRequest(request: AdapterRequest): string {
  const { file, strength, strengths, from, to } = request;
  return [
    `${file}=${strength}`,
    ...Object.entries(strengths).map(([pattern, value]) => `${pattern}=${value}`),
    ...(from === 0 ? [] : [`from=${from}`]),
    ...(to === 1 ? [] : [`to=${to}`]),
  ].join(',');
}

const form =
  'write FILE=STRENGTH,PATTERN=STRENGTH,from=SHARE,to=SHARE, all but the file as needed; a name with a comma that does not end as files of adapters do needs the form { file, strength }, as configuration files have it';

/** A name may hold commas itself, where it can be told by its end: `runs/a,b/dog.safetensors=0.8`. */
function beginningOf(text: string) {
  const parts = text.split(',');
  const beginnings = parts.map((_, i) => parts.slice(0, i + 1).join(','));
  const end = beginnings.findIndex((each) => {
    const [file] = fileAndStrength(each);
    return isTensorFileName(file) || /[/\\]$/.test(file);
  });
  const count = Math.max(end, 0) + 1;
  return { first: parts.slice(0, count).join(','), others: parts.slice(count) };
}

/** The text that asks for a file or a folder as it is; a folder needs a slash where its name could be read otherwise. */
export function requestOfFile(path: string): string {
  return [path, `${path}/`].find((each) => isFileAlone(each)) ?? path;
}

function isFileAlone(text: string): boolean {
  const { first, others } = beginningOf(text);
  return others.length === 0 && fileAndStrength(first)[1] === undefined;
}

/** A name may hold an equals sign itself: `runs/rate=1/adapter.safetensors`. */
function fileAndStrength(text: string): readonly [file: string, strength: string | undefined] {
  const separator = text.lastIndexOf('=');
  const rest = text.slice(separator + 1);
  if (separator < 0 || isTensorFileName(text) || /[/\\]/.test(rest)) return [text, undefined];
  return [text.slice(0, separator), rest];
}

function numberOf(digits: string, name: string, text: string): number {
  const value = Number(digits);
  if (digits.trim() !== '' && Number.isFinite(value)) return value;
  throw wrong(text, `expected a number after "${name}=", got "${digits}"`, form);
}

function wrong(text: string, problem: string, advice: string): ConfigError {
  return new ConfigError('ADAPTER_REQUEST', `adapter "${text}": ${problem}; ${advice}`);
}

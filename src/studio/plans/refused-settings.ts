/** @file Which setting an error is about, and which settings are no values at all. */
import type * as z from 'zod';
import { adapters, isAdapterName } from '../../adapters/index.ts';
import type { KronaError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { didYouMean } from '../../base/nearest.ts';
import { trainSchema } from '../../train/train-options.ts';
import type { Problem } from '../interface/form-operations.ts';
import type { Settings } from '../interface/operation-shapes.ts';

const keys = Object.keys(trainSchema.shape);

/** Settings whose values are none, each with what was expected: all at once, not the first of them. */
export function refusedValues(settings: Settings): readonly Problem[] {
  return Object.entries(settings).flatMap(([key, value]): Problem[] => {
    const schema = Object.entries(trainSchema.shape).find(([name]) => name === key)?.[1];
    if (schema === undefined) {
      const message = `there is no setting "${key}" for training${didYouMean(key, keys)}`;
      return [{ code: 'UNKNOWN_SETTING', message, key, isBlocking: true }];
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return [];
    const message = schemaProblems(schema, value, parsed.error);
    const details = boundOf(parsed.error);
    return [{ code: 'INVALID_SETTING', message, details, key, isBlocking: true }];
  });
}

/** The same of the options of a method, by keys such as `adapterOptions.a1`. */
export function refusedOptions(method: string, options: Settings): readonly Problem[] {
  if (!isAdapterName(method)) return [];
  const { schema } = adapters[method];
  const parsed = schema.safeParse(options);
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : issue.path.slice(0, 1);
    return names.map((name): Problem => {
      const own = Object.entries(schema.shape).find(([key]) => key === name)?.[1];
      const value = options[String(name)];
      const refused = own?.safeParse(value).error;
      const known = Object.keys(schema.shape);
      const message =
        own === undefined || refused === undefined
          ? `${method} has no option "${String(name)}"${didYouMean(String(name), known)}`
          : schemaProblems(own, value, refused);
      const details = boundOf(refused);
      return {
        code: 'ADAPTER_OPTIONS',
        message,
        details,
        key: optionKey(String(name)),
        isBlocking: true,
      };
    });
  });
}

/** The bound that a number crosses, where that is what is wrong. */
function boundOf(error: z.ZodError | undefined): Readonly<Record<string, string>> {
  const [issue] = error?.issues ?? [];
  if (issue?.code === 'too_small' && issue.origin !== 'string') {
    return issue.inclusive ? { least: String(issue.minimum) } : { above: String(issue.minimum) };
  }
  if (issue?.code === 'too_big' && issue.origin !== 'string') {
    return issue.inclusive ? { most: String(issue.maximum) } : { below: String(issue.maximum) };
  }
  return {};
}

export function optionKey(name: string): string {
  return `adapterOptions.${name}`;
}

/** Settings that codes are about, where the message does not begin with one. */
const ofCodes: Readonly<Record<string, string>> = {
  UNKNOWN_ADAPTER: 'adapter',
  HUB_OFFLINE: 'base',
  LEARNING_RATE_WARMUP: 'warmupSteps',
  LEARNING_RATE_END: 'scheduleEnd',
  LEARNING_RATE_RULES: 'scheduleRules',
};

/** The setting that an error is about: messages begin with it, or have it in backquotes. */
export function settingOf({ code, message }: KronaError): string | undefined {
  const [, method = '', option = ''] = /^([\w-]+): (\w+) = /.exec(message) ?? [];
  if (isAdapterName(method)) return optionKey(option);
  const named = [
    ofCodes[code],
    /^(\w+)[:. ]/.exec(message)?.[1],
    ...[...message.matchAll(/`(\w+)(?:: [^`]*)?`/g)].map(([, key]) => key),
  ];
  return named.find((key) => key !== undefined && keys.includes(key));
}

/** Without a setting, or an option of the method. */
export function withoutSetting(settings: Settings, key: string): Settings {
  const [outer = '', inner] = key.split('.');
  const { [outer]: value, ...others } = settings;
  if (inner === undefined || typeof value !== 'object' || value === null) return others;
  const options = Object.fromEntries(Object.entries(value).filter(([name]) => name !== inner));
  return { ...others, [outer]: options };
}

/** Whether a setting, or an option of the method, is given. */
export function hasSetting(settings: Settings, key: string): boolean {
  const [outer = '', inner] = key.split('.');
  const value = settings[outer];
  if (value === undefined || inner === undefined) return value !== undefined;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, inner);
}

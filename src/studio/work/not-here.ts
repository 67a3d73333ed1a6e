/** @file What was asked for and is not there: removed meanwhile, or never was. */
import { ConfigError } from '../../base/errors.ts';

/** The error of an id that no listing has. @param what such as `run` */
export function notHere(what: string, id: string): ConfigError {
  return new ConfigError(
    'NOT_HERE',
    `there is no ${what} ${JSON.stringify(id.slice(0, 100))} any more; look at the list again`,
  );
}

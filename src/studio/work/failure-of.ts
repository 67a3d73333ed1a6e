/** @file An error as the interface of Studio tells it. */
import { KronaError } from '../../base/errors.ts';
import type { Failure } from '../interface/operation-shapes.ts';

/** Whatever was not foreseen is `UNEXPECTED`. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof KronaError)) {
    return { code: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, details } = error;
  return { code, message, ...(Object.keys(details).length === 0 ? {} : { details }) };
}

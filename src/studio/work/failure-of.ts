/** @file An error as the interface of Studio tells it. */
import type { KronaError } from '../../base/errors.ts';
import type { Failure } from '../interface/operation-shapes.ts';

export function failureOf({ code, message, details }: KronaError): Failure {
  return { code, message, ...(Object.keys(details).length === 0 ? {} : { details }) };
}

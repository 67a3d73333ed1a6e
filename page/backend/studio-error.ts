/** @file What the page is told where something is refused or fails. */
import type { Failure } from '../../src/studio/interface/operation-shapes.ts';

/** `code` as the command prints it; `NO_ANSWER` where nobody answered, `SESSION_NEEDED` without a valid cookie. */
export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }

  get code(): string {
    return this.failure.code;
  }
}

/** @file What the page is told where something is refused or fails. */

/** `code` as the command prints it; `NO_ANSWER` where nobody answered, `SESSION_NEEDED` without a valid cookie. */
export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

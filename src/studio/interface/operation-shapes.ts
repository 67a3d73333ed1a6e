/** @file Interface of Studio: what an operation is. */

/** An operation that changes nothing; asked by GET. */
export interface Look<Input, Output> {
  readonly kind: 'look';
  readonly input: Input;
  readonly output: Output;
}

/** An operation that changes something; asked by POST. */
export interface Change<Input, Output> {
  readonly kind: 'change';
  readonly input: Input;
  readonly output: Output;
}

/** Why something was refused, or failed. */
export interface Failure {
  /** Of the library, or of the server. */
  readonly code: string;
  /** In English. */
  readonly message: string;
  /** What differs from case to case, for who says it in another language. */
  readonly details?: Readonly<Record<string, string>>;
}

/** What a picture is fetched by: `/pictures/ID` in a page, whoever keeps it. */
export type PictureId = string;

/** Settings as a form holds them; checked by whoever takes them. */
export type Settings = Readonly<Record<string, unknown>>;

/** What has the device that is waited for, by its name; nothing of this work folder where it has none. */
export interface WaitsFor {
  readonly name: string | undefined;
}

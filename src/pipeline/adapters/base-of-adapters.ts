/** @file The base that adapters are for, as their files name it. */
import { AdapterError, ConfigError } from '../../base/errors.ts';

/** An adapter whose base is asked for. */
export interface AdapterOfBase {
  /** As the user named it. */
  readonly file: string;
  /** The base that it names; undefined for files of other tools. */
  readonly trainedOn: string | undefined;
}

/**
 * The base that adapters name; undefined where there are no adapters.
 *
 * @throws AdapterError ADAPTER_BASES where they name several; ConfigError BASE_NEEDED where they name none
 */
export function baseOfAdapters(adapters: readonly AdapterOfBase[]): string | undefined {
  const [first] = adapters;
  const [named, ...others] = adapters.filter(({ trainedOn }) => trainedOn !== undefined);
  if (first !== undefined && named === undefined) {
    throw new ConfigError(
      'BASE_NEEDED',
      `${first.file} is a file of another tool, which does not say where its base is; add \`base\`; inspecting the file says of which kind`,
      { details: { file: first.file } },
    );
  }
  const other = others.find(({ trainedOn }) => trainedOn !== named?.trainedOn);
  if (named === undefined || other === undefined) return named?.trainedOn;
  throw new AdapterError(
    'ADAPTER_BASES',
    `${named.file} was trained on "${named.trainedOn}", ${other.file} on "${other.trainedOn}"; say as \`base\` which to use both on`,
  );
}

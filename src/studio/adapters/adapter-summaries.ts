/** @file What files of adapters say of themselves, read from their headers alone, once for each state of a file. */
import { decodeMetadata, isAdapterMetadata } from '../../adapters/file/file-metadata.ts';
import { KronaError } from '../../base/errors.ts';
import { openTensorFile } from '../../storage/weights/tensor-file.ts';
import type { AdapterSummary } from '../interface/adapter-operations.ts';
import type { AdapterFile } from './adapter-files.ts';

type Said = Pick<AdapterSummary, 'method' | 'base' | 'subject' | 'parameters' | 'problem'>;

const nothing: Said = {
  ...{ method: undefined, base: undefined, subject: undefined },
  ...{ parameters: undefined, problem: undefined },
};

export class AdapterSummaries {
  readonly #known = new Map<string, { readonly state: string; readonly said: Said }>();

  async of(file: AdapterFile): Promise<AdapterSummary> {
    const { id, name, run, bytes, changed, path } = file;
    const state = `${bytes} ${changed}`;
    const known = this.#known.get(path);
    const said = known?.state === state ? known.said : await read(path);
    this.#known.set(path, { state, said });
    return { id, name, run, bytes, changed, ...said };
  }
}

/** A file that cannot be read is told of, and hides no other. */
async function read(path: string): Promise<Said> {
  try {
    const { metadata, places } = await openTensorFile(path);
    const sizes = [...places.values()].map(({ entry: { shape } }) =>
      shape.reduce((a, b) => a * b, 1),
    );
    const parameters = sizes.reduce((sum, size) => sum + size, 0);
    if (!isAdapterMetadata(metadata)) return { ...nothing, parameters };
    const { adapters, base, training } = decodeMetadata(metadata, path);
    const methods = new Set(adapters.map(({ method }) => method));
    return {
      ...{ method: [...methods].join(' + '), base: base.name, parameters },
      ...{ subject: training?.subject, problem: undefined },
    };
  } catch (error) {
    if (error instanceof KronaError) return { ...nothing, problem: error.message };
    throw error;
  }
}

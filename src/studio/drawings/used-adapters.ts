/** @file Adapters that drawings use, open from one drawing to the next: networks that were loaded with one are found by it. */
import type { Pipeline, PipelineAdapter } from '../../api/load-pipeline.ts';
import { fileFingerprint } from '../../storage/fingerprint.ts';
import { adapterAtCheckpoint } from '../../train/adapter/checkpoint-adapter.ts';
import type { AskedAdapter } from './draw-question.ts';

/** Adapters that stay open. */
const mostKept = 8;

/** What was made last: its base is asked for first, then it is put on. */
let made: { readonly key: string; readonly bytes: Uint8Array } | undefined;

/** What an adapter is opened from: its file, or the bytes that a kept state of a run makes. */
export async function sourceOf({
  path,
  checkpoint,
}: Pick<AskedAdapter, 'path' | 'checkpoint'>): Promise<string | Uint8Array> {
  if (checkpoint === undefined) return path;
  const key = `${path} ${await fileFingerprint(path)}`;
  if (made?.key !== key) made = { key, bytes: await adapterAtCheckpoint(checkpoint) };
  return made.bytes;
}

export class UsedAdapters {
  readonly #pipeline: Pipeline;
  /** By what decides them, the one used last at the end. */
  readonly #known = new Map<string, Promise<PipelineAdapter>>();

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  /** Opens one where it is not open with the same content, name and strength. */
  async use(adapter: AskedAdapter): Promise<PipelineAdapter> {
    const key = JSON.stringify([adapter, await fileFingerprint(adapter.path)]);
    const used = this.#known.get(key) ?? this.#opened(adapter);
    this.#known.delete(key);
    this.#known.set(key, used);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKept && oldest !== undefined) this.#known.delete(oldest);
    used.catch(() => this.#known.delete(key));
    return await used;
  }

  async #opened(adapter: AskedAdapter): Promise<PipelineAdapter> {
    const { name, strength } = adapter;
    return await this.#pipeline.useAdapter(await sourceOf(adapter), { name, strength });
  }
}

/** @file `loadPipeline`: a base model that stays loaded, for many drawings with whatever adapters. */
import * as z from 'zod';
import { ConfigError, RunError } from '../base/errors.ts';
import type { Tolerance } from '../exchange/index.ts';
import { requestSchema } from '../generate/adapter-request.ts';
import { type ChosenAdapter, chooseAdapters } from '../generate/adapters.ts';
import { partsOfModel, planningHost } from '../generate/draw-plan.ts';
import { type GenerateEvent, generateSchema } from '../generate/generate-options.ts';
import { planOn } from '../generate/generation-plan.ts';
import { openAdapter } from '../pipeline/adapters/adapter-file.ts';
import { type OnDevice, onDevice } from '../pipeline/base/on-device.ts';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import { KeptNetworks } from '../pipeline/network/lending.ts';
import { withPrecision } from '../pipeline/precision/base-precision.ts';
import { withStoredPrecision } from '../pipeline/precision/stored-precision.ts';
import type { HubEvent, HubHost } from '../storage/hub/hub-events.ts';
import { beginWith, type CompleteHost, type Host } from './call/call-host.ts';
import { checked, named, source } from './call/checked.ts';
import { type FileContent, pathOrBytes } from './call/picture-source.ts';
import type { Work } from './call/work.ts';
import { type DrawnPictures, drawToBytes, withNamedPictures } from './generating.ts';
import type { GenerateOptions } from './options/generate-settings.ts';

export interface PipelineOptions
  extends Pick<GenerateOptions, 'device' | 'basePrecision' | 'prediction' | 'ema'> {
  /** `pocket`, a model folder or file, or owner/name[@revision][:fp16] of the hub. */
  readonly base: string;
  /**
   * Loaded networks that are kept: three draw at one size with one set of adapters, each further size or set takes two.
   *
   * @default 3
   */
  readonly networks?: number | undefined;
}

/** How an adapter is put on a pipeline. */
export interface AdapterUse {
  /** Multiplies what the adapter changes. @default 1 */
  readonly strength?: number | undefined;
  /** Strengths of their own for sites that match a pattern, such as `attn2.*`, the last match winning. */
  readonly strengths?: Readonly<Record<string, number>> | undefined;
  /** Share of the denoising from which it is on. @default 0 */
  readonly from?: number | undefined;
  /** Share of the denoising until which it is on. @default 1 */
  readonly to?: number | undefined;
  /** What to overlook in files of other tools. @default nothing */
  readonly tolerate?: readonly Tolerance[] | undefined;
  /** What settings inside pictures call it. @default its path, or `adapter` of what has none */
  readonly name?: string | undefined;
}

/** An adapter that is open and fits its pipeline. */
export interface PipelineAdapter {
  readonly name: string;
  readonly strength: number;
  /** The subject that it was trained on, which `{subject}` in prompts stands for; undefined where its file does not say. */
  readonly subject: string | undefined;
  /** What was decided without the user, one sentence each. */
  readonly notes: readonly string[];
}

/** What decides the pictures of one drawing. */
export interface DrawOptions
  extends Omit<
    GenerateOptions,
    | ('run' | 'adapter' | 'strength' | 'tolerate')
    | ('base' | 'device' | 'basePrecision' | 'prediction' | 'ema' | 'out')
  > {
  /** What `useAdapter` gave, in any number. @default none */
  readonly adapters?: readonly PipelineAdapter[] | undefined;
}

/**
 * Opens a base model for many drawings. Its networks are loaded by the first drawing that needs them, and stay.
 *
 * @throws ModelError, ConfigError or SystemError where it is no model, or cannot be had
 * @example
 * ```ts
 * await using pipeline = await loadPipeline('stable-diffusion-v1-5/stable-diffusion-v1-5:fp16');
 * const style = await pipeline.useAdapter('style.safetensors', { strength: 0.7 });
 * const { pictures } = await pipeline.generate({ prompt: 'a lighthouse', adapters: [style], seed: 7, count: 1 });
 * ```
 */
export function loadPipeline(
  options: string | PipelineOptions,
  host: Host<HubEvent> = {},
): Work<HubEvent, Pipeline> {
  const complete = typeof options === 'string' ? { base: options } : options;
  return beginWith(host, (given) => Pipeline.open(complete, given));
}

const schema = generateSchema
  .pick({ device: true, basePrecision: true, prediction: true, ema: true })
  .extend({
    base: named,
    networks: z.int().positive().default(partsOfModel),
  });
const sourceSchema = z.strictObject({ adapter: source });

/** A base model that stays loaded; `await using`, or its disposal, frees it. One drawing computes at a time, others wait. */
export class Pipeline implements AsyncDisposable {
  readonly #base: OnDevice;
  readonly #networks: KeptNetworks;
  readonly #hub: HubHost;
  readonly #adapters = new WeakMap<PipelineAdapter, ChosenAdapter>();
  /** Settles when the drawings asked for so far are done. */
  #drawn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(base: OnDevice, networks: number, hub: HubHost) {
    this.#base = base;
    this.#networks = new KeptNetworks(networks);
    this.#hub = hub;
  }

  /** As `loadPipeline`. */
  static async open(
    options: PipelineOptions,
    { hub }: { readonly hub: HubHost },
  ): Promise<Pipeline> {
    const given = checked(schema, options, 'a pipeline');
    const { base, device, basePrecision, networks, prediction, ema } = given;
    const opened = await openBaseModel(base, hub, { prediction, ema });
    const placed = withPrecision(await onDevice(opened, device), basePrecision);
    const { signal, now, environment } = hub;
    const ready = await withStoredPrecision(placed, { signal, now, environment });
    return new Pipeline(ready, networks, hub);
  }

  /** What settings inside pictures call the model; of one of the hub, the very content. */
  get base(): string {
    return this.#base.name;
  }

  /**
   * Opens an adapter of any tool for drawings.
   *
   * @param source a file, a run's or another tool's folder, or what is in a file
   * @throws AdapterError or FormatError where it is broken or not for this base; ConfigError NO_SITES
   */
  async useAdapter(source: string | FileContent, use: AdapterUse = {}): Promise<PipelineAdapter> {
    this.#requireOpen();
    const { adapter } = checked(sourceSchema, { adapter: source }, 'an adapter');
    const { tolerate = [], name = typeof source === 'string' ? source : 'adapter', ...how } = use;
    const request = checked(requestSchema, { file: name, ...how }, 'an adapter');
    const { strength } = request;
    const opened = await openAdapter(await pathOrBytes(adapter, 'adapter'));
    const { adapters, notes } = await chooseAdapters(
      this.#base,
      [{ request, opened }],
      { strength: 1, tolerate: [...tolerate] },
      this.#hub,
    );
    const [chosen] = adapters;
    const used = { name, strength, subject: chosen?.training?.subject, notes };
    if (chosen !== undefined) this.#adapters.set(used, chosen);
    return used;
  }

  /**
   * Draws pictures of one prompt or several.
   *
   * @throws KronaError naming what is wrong and what to do; RunError PIPELINE_CLOSED; the signal's reason
   */
  generate(
    options: DrawOptions,
    host: Host<GenerateEvent> = {},
  ): Work<GenerateEvent | HubEvent, DrawnPictures> {
    return beginWith(host, async (given) => {
      this.#requireOpen();
      const drawing = this.#drawn.then(() => this.#draw(options, given));
      this.#drawn = drawing.catch(() => {});
      return await drawing;
    });
  }

  async #draw(
    { adapters: used = [], ...options }: DrawOptions,
    host: CompleteHost<GenerateEvent>,
  ): Promise<DrawnPictures> {
    host.signal?.throwIfAborted();
    const { settings, pictures } = await withNamedPictures(options);
    const drawn = { ...host, networks: this.#networks, pictures };
    const parts = {
      base: this.#base,
      adapters: used.map((adapter) => this.#chosen(adapter)),
      notes: used.flatMap(({ notes }) => notes),
    };
    const { device, precision: basePrecision } = this.#base;
    const own = { ...settings, device, basePrecision };
    const plan = await planOn(parts, own, planningHost(drawn));
    return await drawToBytes(plan, drawn);
  }

  #chosen(adapter: PipelineAdapter): ChosenAdapter {
    const chosen = this.#adapters.get(adapter);
    if (chosen !== undefined) return chosen;
    throw new ConfigError(
      'ADAPTER_OF_OTHER_PIPELINE',
      'adapters: expected what useAdapter() of this pipeline gave; open the adapter with it first',
    );
  }

  #requireOpen(): void {
    if (!this.#isClosed) return;
    throw new RunError(
      'PIPELINE_CLOSED',
      'the pipeline was disposed of, and its networks are gone; load it again, or dispose of it later',
    );
  }

  /** Frees the networks, once the drawings that were asked for are done. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#drawn;
    await this.#networks[Symbol.asyncDispose]();
  }
}

/** @file What is published of a run: its adapter, the same for diffusers where it is a LoRA, pictures, the card. */
import * as z from 'zod';
import { type AdapterFile, adapters, encodeAdapterFile, isAdapterName } from '../adapters/index.ts';
import { RunError } from '../base/errors.ts';
import { withSubject } from '../base/subject-template.ts';
import { adapterInForm } from '../convert/adapter-in-form.ts';
import { type AdapterWithBase, adapterWithBase } from '../convert/adapter-with-base.ts';
import { writeForeignAdapter } from '../exchange/index.ts';
import { contextSizeOf, kindOfContext } from '../exchange/names/base-kind.ts';
import { parseJson } from '../formats/parse-json.ts';
import { triggerWords } from '../inspect/adapter-words.ts';
import { type FamilyName, familyOnHub } from '../models/families.ts';
import { openAdapter } from '../pipeline/adapters/adapter-file.ts';
import { basename, join, resolve } from '../platform/paths.ts';
import { readTextIfPresent } from '../storage/files/text-file.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { parseHubName } from '../storage/hub/hub-name.ts';
import { type RunRecord, readRun, runPaths } from '../train/folder/run-folder.ts';
import { finishedStep } from '../train/folder/run-state.ts';
import { galleryOf, isCardPicture } from './card-pictures.ts';
import { modelCard } from './model-card.ts';

/** What to publish. */
export interface PublishedContent {
  readonly run: string;
  /** Folder of drawn pictures. @default the last previews of the run */
  readonly pictures?: string | undefined;
  /** As the hub calls it. @default that of the base, where it is a family's own; else none is stated */
  readonly license?: string | undefined;
  /** `owner/name` that it will have. */
  readonly repository?: string | undefined;
}

/** Files by their names in the repository. */
export type PublishedFiles = ReadonlyMap<string, Uint8Array>;

/** Licenses of the families' own repositories, which adapters of them fall under; what is tuned from them may have another. */
const licenses: Readonly<Partial<Record<FamilyName, string>>> = {
  sd15: 'creativeml-openrail-m',
  sd21: 'openrail++',
  sdxl: 'openrail++',
};

/** What is a LoRA without loss. */
const loraMethods = ['lora', 'krona', 'textual-inversion'];

/**
 * Makes the files of a finished run.
 *
 * @throws RunError NOT_A_RUN, NO_ADAPTER; ConfigError PICTURES_MISSING; what reading the adapter throws
 */
export async function publishedFiles(
  { run, pictures: folder, license, repository }: PublishedContent,
  hub: HubHost,
): Promise<PublishedFiles> {
  const record = await readRun(run);
  if ((await finishedStep(run)) === undefined) {
    throw new RunError(
      'NO_ADAPTER',
      `${run}: expected a finished run, found one that is to go on; let it end before it is published`,
      { details: { run } },
    );
  }
  const source = await adapterWithBase(await openAdapter(runPaths(run).adapter), {
    ...{ base: undefined, host: hub },
  });
  const { file } = source.opened;
  const phrase = file.training?.subject ?? record.config.subject;
  const instancePrompt = withSubject(record.config.prompt, phrase);
  const gallery = await galleryOf(run, { folder, prompt: instancePrompt });
  const lora = await loraFiles(source);
  const baseModel = hubBaseOf(record);
  const family = kindOfContext(contextSizeOf(source.base.sites));
  const method = record.config.adapter;
  const card = modelCard({
    title: basename(repository ?? resolve(run)),
    ...{ baseModel, family, method, instancePrompt, repository },
    license: license ?? licenseOf(baseModel),
    methodTitle: isAdapterName(method) ? adapters[method].title : method,
    words: triggerWords(file, {}),
    settings: settingsOf(record),
    metrics: await metricsOf(run),
    pictures: gallery,
    hasLora: lora.has(loraName),
    files: [
      [adapterName, 'the adapter as it was trained, for krona'],
      ...[...lora.keys()].map((name) => [name, whatIs(name)] as const),
    ],
  });
  return new Map<string, Uint8Array>([
    ['README.md', new TextEncoder().encode(card)],
    [adapterName, ownFile(file, baseModel)],
    ...lora,
    ...gallery.map(({ path, png }) => [path, png] as const),
  ]);
}

/** Whether a file of a repository is one that an earlier upload put there; files of others have other names. */
export function isPublished(path: string): boolean {
  return path === adapterName || path === loraName || isCardPicture(path);
}

function licenseOf(baseModel: string | undefined): string | undefined {
  const family = baseModel === undefined ? undefined : familyOnHub(baseModel);
  return family && licenses[family];
}

const adapterName = 'adapter.safetensors';
const loraName = 'pytorch_lora_weights.safetensors';

function whatIs(name: string): string {
  return name === loraName
    ? 'the same as a LoRA of diffusers'
    : 'a new word, for diffusers and others';
}

/** The adapter, which calls a base of this machine by its last name alone. */
function ownFile(file: AdapterFile, baseModel: string | undefined): Uint8Array {
  const { name } = file.base;
  return encodeAdapterFile({
    ...file,
    base: { ...file.base, name: baseModel === undefined ? basename(name) : name },
  });
}

/** Of methods that are LoRAs without loss; none of others. */
async function loraFiles({
  opened: { file },
  base,
}: AdapterWithBase): Promise<ReadonlyMap<string, Uint8Array>> {
  const methods = file.placed.map(({ adapter }) => adapter.method);
  if (!methods.every((method) => loraMethods.includes(method))) return new Map();
  const isLora = !methods.includes('krona');
  const formed = isLora ? file : { ...file, ...(await adapterInForm(file, { as: 'lora' }, base)) };
  return writeForeignAdapter(formed, 'diffusers', { sites: base.sites });
}

/** The base as others find it. */
function hubBaseOf({ config, base }: RunRecord): string | undefined {
  const name = parseHubName(config.base);
  // A folder may be called as a model of the hub is.
  return name === undefined || resolve(config.base) === resolve(base.folder)
    ? undefined
    : name.repository;
}

/** Of the settings what made the adapter, and nothing of this machine. */
const told = [
  ...['adapterOptions', 'targets', 'steps', 'batchSize', 'accumulate', 'optimizer', 'learningRate'],
  ...['schedule', 'warmupSteps', 'resolution', 'loss', 'priorWeight', 'seed'],
] as const;

function settingsOf({ config, parameters }: RunRecord): readonly (readonly [string, string])[] {
  const settings: Readonly<Record<string, unknown>> = { ...config };
  const rows = told.flatMap((key) => {
    const value = settings[key];
    if (value === undefined) return [];
    return [[key, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const];
  });
  return [...rows, ['parameters', String(parameters)] as const];
}

const evaluated = z.looseObject({
  summary: z.looseObject({
    overall: z.record(z.string(), z.looseObject({ mean: z.number() })),
  }),
});
const shownMetrics = { clipI: 'CLIP-I', dino: 'DINO', clipT: 'CLIP-T' } as const;

/** Of the run's evaluation, where it has one. */
async function metricsOf(run: string): Promise<readonly (readonly [string, string])[]> {
  const text = await readTextIfPresent(join(run, 'evaluation', 'evaluation.json'));
  const { data } = evaluated.safeParse(parseJson(text ?? ''));
  const overall = data?.summary.overall ?? {};
  return Object.entries(shownMetrics).flatMap(([key, name]) => {
    const found = overall[key];
    return found === undefined ? [] : [[name, found.mean.toFixed(3)] as const];
  });
}

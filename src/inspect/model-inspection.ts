/** @file Inspects a model folder in the diffusers layout. */
import * as z from 'zod';
import { parseSchedulerConfig, resolveSettings } from '../diffusion/scheduler-config.ts';
import { type FamilyName, families, openFamilyConfig } from '../models/families.ts';
import { parseUNetConfig, type UNetConfig } from '../models/unet/unet-config.ts';
import { join } from '../platform/paths.ts';
import { namesIn } from '../storage/files/folders.ts';
import { readJson } from '../storage/files/json-file.ts';
import { openWeights } from '../storage/weights/weight-files.ts';
import { elementCount } from '../tensor/tensor.ts';

const indexSchema = z.looseObject({ _class_name: z.string() });

/** diffusers writes _class_name, transformers writes architectures. */
const partClass = z.union([
  z.looseObject({ _class_name: z.string() }).transform((config) => config._class_name),
  z
    .looseObject({ architectures: z.array(z.string()).min(1) })
    .transform((config) => config.architectures.join(', ')),
]);

/** What a part's weights are. */
export interface WeightsContent {
  readonly parameters: number;
  readonly bytes: number;
  /** Dtypes of its weights, the most frequent first. */
  readonly dtypes: readonly string[];
}

/** Weights, or why they cannot be used. */
export type PartContent = WeightsContent | { readonly problem: string };

/** How noise is scheduled. */
export interface SchedulerFacts {
  readonly className: string;
  readonly predictionType: string;
  readonly zeroTerminalSnr: boolean;
}

/** A model folder in the diffusers layout. */
export interface ModelFolderInspection {
  readonly kind: 'model folder';
  readonly path: string;
  /** Names of everything in it. */
  readonly names: readonly string[];
  /** Class of the pipeline: `StableDiffusionPipeline`. */
  readonly pipeline: string;
  /** The published family that it is built like. */
  readonly family: FamilyName | undefined;
  readonly parts: readonly (PartContent & { readonly name: string })[];
  readonly scheduler: SchedulerFacts | undefined;
  readonly warnings: readonly string[];
}

/** The folder of one part of a model. */
export interface ModelPartInspection {
  readonly kind: 'model part';
  readonly path: string;
  /** `UNet2DConditionModel` */
  readonly className: string;
  readonly part: PartContent;
  readonly warnings: readonly string[];
}

/** Folders that hold weights in a Stable Diffusion model. */
const partNames = ['unet', 'vae', 'text_encoder', 'text_encoder_2'];

/**
 * Inspects a folder with model_index.json.
 *
 * @throws FormatError where its files are broken
 */
export async function inspectModel(path: string): Promise<ModelFolderInspection> {
  const names = await namesIn(path);
  const index = indexSchema.safeParse(
    await readJson(join(path, 'model_index.json'), 'model index'),
  );
  const pipeline = index.success ? index.data._class_name : 'unknown';
  const parts = await Promise.all(
    partNames
      .filter((name) => names.includes(name))
      .map(async (name) => ({ name, ...(await inspectPart(path, name)) })),
  );
  const hasUNet = names.includes('unet');
  const family = hasUNet ? await familyOf(join(path, 'unet', 'config.json')) : undefined;
  const scheduler = names.includes('scheduler') ? await schedulerOf(path) : undefined;
  const warnings = parts.flatMap((part) => problemsOf(part));
  return { kind: 'model folder', path, names, pipeline, family, parts, scheduler, warnings };
}

/** Inspects the folder of one part of a model, such as its unet. */
export async function inspectModelPart(path: string): Promise<ModelPartInspection> {
  const config = await readJson(join(path, 'config.json'), 'configuration');
  const className = partClass.safeParse(config).data ?? 'unknown class';
  const part = await inspectPart(path, '.');
  return { kind: 'model part', path, className, part, warnings: problemsOf(part) };
}

function problemsOf(part: PartContent): readonly string[] {
  return 'problem' in part ? [part.problem] : [];
}

async function inspectPart(folder: string, name: string): Promise<PartContent> {
  try {
    const { entries, totalBytes } = await openWeights(join(folder, name), name);
    const counts = new Map<string, number>();
    let parameters = 0;
    for (const { entry } of entries.values()) {
      parameters += elementCount(entry.shape);
      counts.set(entry.dtype, (counts.get(entry.dtype) ?? 0) + 1);
    }
    const dtypes = [...counts].sort((a, b) => b[1] - a[1]).map(([dtype]) => dtype);
    return { parameters, bytes: totalBytes, dtypes };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The shipped family whose UNet has the same computation, whatever size it was trained at. */
async function familyOf(path: string): Promise<FamilyName | undefined> {
  const unet = parseUNetConfig(await readJson(path, 'UNet configuration'), path);
  const key = (config: UNetConfig) => JSON.stringify({ ...config, sampleSize: 0 });
  for (const name of Object.keys(families) as FamilyName[]) {
    if (key((await openFamilyConfig(name)).unet) === key(unet)) return name;
  }
  return undefined;
}

async function schedulerOf(folder: string): Promise<SchedulerFacts> {
  const path = join(folder, 'scheduler', 'scheduler_config.json');
  const config = parseSchedulerConfig(await readJson(path, 'scheduler configuration'), path);
  const settings = resolveSettings(config);
  return {
    className: config.className,
    predictionType: settings.prediction_type,
    zeroTerminalSnr: settings.rescale_betas_zero_snr,
  };
}

/** @file Inspects a model folder in the diffusers layout. */
import { join } from 'node:path';
import * as z from 'zod';
import { formatBytes, formatCount } from '../../../base/quantities.ts';
import { parseSchedulerConfig, resolveSettings } from '../../../diffusion/scheduler-config.ts';
import { type FamilyName, families, openFamilyConfig } from '../../../models/families.ts';
import { parseUNetConfig, type UNetConfig } from '../../../models/unet/unet-config.ts';
import { namesIn } from '../../../storage/files/folders.ts';
import { readJson } from '../../../storage/files/json-file.ts';
import { openWeights } from '../../../storage/weights/weight-files.ts';
import { elementCount } from '../../../tensor/tensor.ts';
import { commandLine, trainingWords } from '../../shell/command-line.ts';
import type { Finding } from './finding.ts';

const indexSchema = z.looseObject({ _class_name: z.string() });

/** diffusers writes _class_name, transformers writes architectures. */
const partClass = z.union([
  z.looseObject({ _class_name: z.string() }).transform((config) => config._class_name),
  z
    .looseObject({ architectures: z.array(z.string()).min(1) })
    .transform((config) => config.architectures.join(', ')),
]);

interface Part {
  readonly name: string;
  readonly parameters?: number;
  readonly bytes?: number;
  /** Dtypes of its weights, the most frequent first. */
  readonly dtypes?: readonly string[];
  /** Why the weights cannot be used. */
  readonly problem?: string;
}

/** Folders that hold weights in a Stable Diffusion model. */
const partNames = ['unet', 'vae', 'text_encoder', 'text_encoder_2'];

/**
 * Inspects a folder with model_index.json.
 *
 * @throws FormatError where its files are broken
 */
export async function inspectModel(folder: string): Promise<Finding> {
  const names = await namesIn(folder);
  const index = indexSchema.safeParse(
    await readJson(join(folder, 'model_index.json'), 'model index'),
  );
  const pipeline = index.success ? index.data._class_name : 'unknown';
  const parts = await Promise.all(
    partNames.filter((name) => names.includes(name)).map((name) => inspectPart(folder, name)),
  );
  const family = names.includes('unet')
    ? await familyOf(join(folder, 'unet', 'config.json'))
    : undefined;
  const scheduler = names.includes('scheduler') ? await schedulerOf(folder) : undefined;
  const problems = parts.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  return {
    kind: 'model',
    title: `a model folder (${pipeline})`,
    facts: [
      [
        'family',
        family === undefined ? 'none of the shipped ones' : `built like ${families[family].title}`,
      ],
      ...parts.map((part) => [part.name, partText(part)] as const),
      ...(scheduler === undefined ? [] : [['scheduler', schedulerText(scheduler)] as const]),
      ['folders', names.join(', ')],
    ],
    details: { pipeline, family, parts, scheduler },
    warnings: problems,
    next: [
      `train on it: ${commandLine('train', '--base', folder, ...trainingWords('DIR'))}`,
      `count parameters: ${commandLine('plan', '--base', folder)}`,
    ],
  };
}

/** Inspects the folder of one part of a model, such as its unet. */
export async function inspectModelPart(folder: string): Promise<Finding> {
  const config = await readJson(join(folder, 'config.json'), 'configuration');
  const className = partClass.safeParse(config).data ?? 'unknown class';
  const part = await inspectPart(folder, '.');
  return {
    kind: 'model part',
    title: `one part of a model (${className})`,
    facts: [['weights', partText(part)]],
    details: { className, part: { ...part, name: undefined } },
    warnings: part.problem === undefined ? [] : [part.problem],
    next: ['give the folder above it, with model_index.json, as --base'],
  };
}

async function inspectPart(folder: string, name: string): Promise<Part> {
  try {
    const { entries, totalBytes } = await openWeights(join(folder, name), name);
    const counts = new Map<string, number>();
    let parameters = 0;
    for (const { entry } of entries.values()) {
      parameters += elementCount(entry.shape);
      counts.set(entry.dtype, (counts.get(entry.dtype) ?? 0) + 1);
    }
    const dtypes = [...counts].sort((a, b) => b[1] - a[1]).map(([dtype]) => dtype);
    return { name, parameters, bytes: totalBytes, dtypes };
  } catch (error) {
    return { name, problem: error instanceof Error ? error.message : String(error) };
  }
}

function partText({ parameters = 0, bytes = 0, dtypes = [], problem }: Part): string {
  if (problem !== undefined) return 'its weights cannot be used';
  return `${formatCount(parameters)} parameters, ${formatBytes(bytes)}, ${dtypes.join(' and ')}`;
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

interface SchedulerFacts {
  readonly className: string;
  readonly predictionType: string;
  readonly zeroTerminalSnr: boolean;
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

function schedulerText({ className, predictionType, zeroTerminalSnr }: SchedulerFacts): string {
  return `${className}, ${predictionType}${zeroTerminalSnr ? ', zero terminal SNR' : ''}`;
}

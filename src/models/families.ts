/** @file The published models whose configurations ship with the package, without their weights. */
import { join, packageFile } from '../platform/paths.ts';
import { readJsonIfPresent } from '../storage/files/json-file.ts';
import { parseHubName } from '../storage/hub/hub-name.ts';
import { type ClipTextConfig, parseClipTextConfig } from './clip/clip-config.ts';
import { smallerFamilies } from './smaller-families.ts';
import { parseUNetConfig, type UNetConfig } from './unet/unet-config.ts';
import { parseVaeConfig, type VaeConfig } from './vae/vae-config.ts';

/** One family: configurations of models/families, in the diffusers folder layout. */
export interface Family {
  readonly title: string;
  /** Folders of its text encoders, in the order the UNet's context concatenates them. */
  readonly textEncoders: readonly string[];
  /** Its repositories on the hub, copies included. */
  readonly onHub: readonly string[];
  /** What its model_index.json says beside the parts that it has. */
  readonly index: Readonly<Record<string, unknown>>;
  /** The family whose configurations it has, but for `changes`. @default its own */
  readonly of?: PublishedName;
  /** Settings that replace those of that family, by the part's folder. @default none */
  readonly changes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const leftOut = [null, null];

const plainIndex = {
  _class_name: 'StableDiffusionPipeline',
  safety_checker: leftOut,
  feature_extractor: leftOut,
  requires_safety_checker: false,
};

/** The families whose configurations are files. */
const published = {
  sd15: {
    title: 'Stable Diffusion 1.5',
    textEncoders: ['text_encoder'],
    // 1.1 to 1.5 differ in their weights alone.
    onHub: [
      'stable-diffusion-v1-5/stable-diffusion-v1-5',
      'runwayml/stable-diffusion-v1-5',
      'CompVis/stable-diffusion-v1-4',
    ],
    index: plainIndex,
  },
  sd21: {
    title: 'Stable Diffusion 2.1',
    textEncoders: ['text_encoder'],
    onHub: ['stabilityai/stable-diffusion-2-1'],
    index: plainIndex,
  },
  sdxl: {
    title: 'Stable Diffusion XL 1.0',
    textEncoders: ['text_encoder', 'text_encoder_2'],
    onHub: ['stabilityai/stable-diffusion-xl-base-1.0'],
    index: { _class_name: 'StableDiffusionXLPipeline', force_zeros_for_empty_prompt: true },
  },
  'sdxl-refiner': {
    title: 'Stable Diffusion XL refiner 1.0',
    textEncoders: ['text_encoder_2'],
    onHub: ['stabilityai/stable-diffusion-xl-refiner-1.0'],
    index: {
      _class_name: 'StableDiffusionXLImg2ImgPipeline',
      force_zeros_for_empty_prompt: false,
      requires_aesthetics_score: true,
      text_encoder: leftOut,
      tokenizer: leftOut,
    },
  },
} as const satisfies Record<string, Family>;

type PublishedName = keyof typeof published;
export type FamilyName = keyof typeof published | keyof typeof smallerFamilies;

export const families: Readonly<Record<FamilyName, Family>> = {
  ...published,
  ...(Object.fromEntries(
    Object.entries(smallerFamilies).map(([name, family]) => {
      const { textEncoders, index } = published[family.of];
      return [name, { textEncoders, index, ...family }];
    }),
  ) as unknown as Readonly<Record<keyof typeof smallerFamilies, Family>>),
};

const familyNames = Object.keys(families) as readonly FamilyName[];

export function isFamilyName(name: string): name is FamilyName {
  return Object.hasOwn(families, name);
}

/** Folder of the configurations of the x4 upscaler, which enlarges pictures and is no base of adapters. */
const upscalerFolder = 'x4-upscaler';

/** Whose configurations a single file may have. */
export type ConfigurationName = FamilyName | typeof upscalerFolder;

/** A published model whose configurations ship too: it is planned with, and otherwise only opened as a whole. */
interface PlannedModel {
  readonly title: string;
  readonly onHub: string;
  /** In models/families. */
  readonly folder: string;
}

const plannedModels: readonly PlannedModel[] = [
  {
    title: 'Stable Diffusion x4 upscaler',
    onHub: 'stabilityai/stable-diffusion-x4-upscaler',
    folder: upscalerFolder,
  },
  { title: 'BLIP-Diffusion', onHub: 'Salesforce/blipdiffusion', folder: 'blip-diffusion' },
];

/** What configurations of a repository of the hub ship with the package, if any do. */
export function outlineOfRepository(
  repository: string,
):
  | { readonly title: string; readonly source: FamilyName | { readonly folder: string } }
  | undefined {
  const family = familyOnHub(repository);
  if (family !== undefined) return { title: families[family].title, source: family };
  const model = plannedModels.find(({ onHub }) => isSameName(onHub, repository));
  return (
    model && {
      title: model.title,
      source: { folder: packageFile(`models/families/${model.folder}`) },
    }
  );
}

/** The families that are made as another is, itself first: the same text encoders, and UNets that take the same states. */
export function familiesLike(name: FamilyName): readonly FamilyName[] {
  return [name, ...familyNames.filter((other) => families[other].of === name)];
}

function isSameName(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}

/** The family of a repository of the hub, where it is one of these models. */
export function familyOnHub(repository: string): FamilyName | undefined {
  return familyNames.find((name) =>
    families[name].onHub.some((known) => isSameName(known, repository)),
  );
}

/** The same of a name that settings have for a repository, with a revision or a variant. */
export function familyOfBase(base: string): FamilyName | undefined {
  return familyOnHub(parseHubName(base)?.repository ?? '');
}

/** The parsed configurations of a family's parts. */
export interface FamilyConfig {
  readonly unet: UNetConfig;
  readonly vae: VaeConfig;
  readonly textEncoders: readonly ClipTextConfig[];
}

/** Folder of a family's configurations, or of those that it shares; or of the upscaler's. */
export function familyFolder(name: ConfigurationName): string {
  const shared = isFamilyName(name) ? families[name].of : undefined;
  return packageFile(`models/families/${shared ?? name}`);
}

/**
 * A configuration of a family: `config.json` of a part, or another file of a folder.
 *
 * @returns undefined where the family has no such part
 * @throws SystemError or FormatError where the installed package is damaged
 */
export async function familyJson(
  name: ConfigurationName,
  part: string,
  file = 'config.json',
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const path = join(familyFolder(name), part, file);
  const changes = isFamilyName(name) ? families[name].changes?.[part] : undefined;
  const json = await readJsonIfPresent(path, `${part} configuration`);
  return json === undefined ? undefined : { ...json, ...changes };
}

/**
 * Reads the configurations of a family, or of the upscaler.
 *
 * @throws SystemError, FormatError or ModelError where the installed package is damaged
 */
export async function openFamilyConfig(name: ConfigurationName): Promise<FamilyConfig> {
  const read = async <Config>(
    part: string,
    parse: (json: unknown, where: string) => Config,
  ): Promise<Config> => parse(await familyJson(name, part), `${name}/${part}`);
  return {
    unet: await read('unet', parseUNetConfig),
    vae: await read('vae', parseVaeConfig),
    textEncoders: await Promise.all(
      (isFamilyName(name) ? families[name].textEncoders : ['text_encoder']).map((part) =>
        read(part, parseClipTextConfig),
      ),
    ),
  };
}

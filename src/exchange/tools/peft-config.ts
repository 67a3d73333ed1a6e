/** @file What PEFT writes beside an adapter: adapter_config.json, or the same inside a diffusers file's header. */
import * as z from 'zod';
import { FormatError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { parsePythonJson } from '../../formats/python-json.ts';

const patterns = z.record(z.string(), z.number()).nullish();

/** What changes the meaning of the tensors; everything else that PEFT writes is about training. */
const schema = z.looseObject({
  peft_type: z.enum(['LORA', 'LOKR', 'LOHA', 'OFT', 'IA3', 'BOFT']).default('LORA'),
  r: z.number().nullish(),
  alpha: z.number().nullish(),
  lora_alpha: z.number().nullish(),
  rank_pattern: patterns,
  alpha_pattern: patterns,
  use_rslora: z.boolean().nullish(),
  fan_in_fan_out: z.literal(false).nullish(),
  oft_block_size: z.number().nullish(),
  use_cayley_neumann: z.boolean().nullish(),
  num_cayley_neumann_terms: z.number().nullish(),
  coft: z.literal(false).nullish(),
  feedforward_modules: z.union([z.string(), z.array(z.string())]).nullish(),
  auto_mapping: z.looseObject({ base_model_class: z.string().nullish() }).nullish(),
});

type Json = z.output<typeof schema>;

/** The settings of one module. */
export interface PeftSettings {
  readonly rank: number;
  readonly alpha: number;
  readonly rankStabilized: boolean;
  /** Terms of the series that OFT's rotations are computed by; undefined where they are exact. */
  readonly neumannTerms: number | undefined;
  /** Of (IA)³: whether inputs are multiplied, in place of outputs. */
  readonly isFeedForward: boolean;
}

/** The settings of an adapter of PEFT. */
export interface PeftConfig {
  readonly type: Json['peft_type'];
  /** The part of the pipeline that it says it is for. */
  readonly part: string | undefined;
  /** @param path of a module in its part */
  at(path: string): PeftSettings;
}

const defaultRank = 8;

/**
 * Reads an adapter_config.json.
 *
 * @throws FormatError PEFT_CONFIG naming the key and what is wrong with it
 */
export function parsePeftConfig(json: unknown, where: string): PeftConfig {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const kinds = schema.shape.peft_type.unwrap().options.join(', ');
    throw new FormatError(
      'PEFT_CONFIG',
      `${where}: adapter_config.json: ${schemaProblems(schema, json, parsed.error)} (adapters of type ${kinds} can be read)`,
    );
  }
  const config = parsed.data;
  const className = config.auto_mapping?.base_model_class ?? '';
  return {
    type: config.peft_type,
    part: partsByClass.find(([pattern]) => pattern.test(className))?.[1],
    at: (path) => {
      const rank = ofPattern(config.rank_pattern, path, where) ?? config.r ?? defaultRank;
      const alpha = config.lora_alpha ?? config.alpha ?? defaultRank;
      return {
        rank,
        alpha: ofPattern(config.alpha_pattern, path, where) ?? alpha,
        rankStabilized: config.use_rslora ?? false,
        neumannTerms:
          (config.use_cayley_neumann ?? true) ? (config.num_cayley_neumann_terms ?? 5) : undefined,
        isFeedForward: isAmong(config.feedforward_modules ?? [], path, where),
      };
    },
  };
}

/** As PEFT decides it: by the whole path where it is a pattern, by its end where it is a list. */
function isAmong(modules: string | readonly string[], path: string, where: string): boolean {
  if (typeof modules !== 'string') return modules.some((each) => path.endsWith(each));
  return patternFits(`^(?:${modules})$`, path, where);
}

const partsByClass: readonly (readonly [RegExp, string])[] = [
  [/^UNet/, 'unet'],
  [/^CLIPTextModelWithProjection$/, 'text_encoder_2'],
  [/^CLIPTextModel$/, 'text_encoder'],
];

/** The value of the first pattern that fits the end of the path, as PEFT's get_pattern_key finds it. */
function ofPattern(
  values: z.output<typeof patterns>,
  path: string,
  where: string,
): number | undefined {
  const found = Object.entries(values ?? {}).find(([pattern]) =>
    patternFits(`^(?:.*\\.)?(?:${pattern})$`, path, where),
  );
  return found?.[1];
}

/** @throws FormatError PEFT_CONFIG */
function patternFits(pattern: string, path: string, where: string): boolean {
  try {
    return new RegExp(pattern).test(path);
  } catch (cause) {
    throw new FormatError('PEFT_CONFIG', `${where}: "${pattern}" is no pattern`, { cause });
  }
}

/**
 * Reads `lora_adapter_metadata` of a diffusers file: the configurations of its parts, each key after its part's name.
 *
 * @throws FormatError PEFT_CONFIG
 */
export function parseDiffusersMetadata(
  text: string,
  where: string,
): ReadonlyMap<string, PeftConfig> {
  const parts = new Map<string, Record<string, unknown>>();
  for (const [key, value] of Object.entries(parseObject(text, where))) {
    const dot = key.indexOf('.');
    const part = key.slice(0, Math.max(dot, 0));
    parts.set(part, { ...parts.get(part), [key.slice(dot + 1)]: value });
  }
  return new Map([...parts].map(([part, json]) => [part, parsePeftConfig(json, where)] as const));
}

function parseObject(text: string, where: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(parsePythonJson(text));
  } catch (cause) {
    throw new FormatError(
      'PEFT_CONFIG',
      `${where}: lora_adapter_metadata: expected a JSON object, found "${text.slice(0, 40)}"`,
      { cause },
    );
  }
}

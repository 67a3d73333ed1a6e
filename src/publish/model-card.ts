/** @file The model card of a published adapter: what the hub reads (YAML) and what people read (Markdown). */
import type { CheckpointKindName } from '../models/single-file/kinds.ts';

/** A picture of the gallery. */
export interface CardPicture {
  /** In the repository. */
  readonly path: string;
  readonly prompt: string;
}

/** All that a card says. */
export interface CardFacts {
  readonly title: string;
  /** `owner/name` where the base is on the hub; a path of this machine is nobody's business. */
  readonly baseModel: string | undefined;
  readonly family: CheckpointKindName | undefined;
  readonly license: string | undefined;
  readonly method: string;
  readonly methodTitle: string;
  /** The training prompt, with the subject in it. */
  readonly instancePrompt: string;
  /** Words that call the subjects. */
  readonly words: readonly string[];
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly metrics: readonly (readonly [name: string, value: string])[];
  readonly pictures: readonly CardPicture[];
  /** Whether there is a LoRA that diffusers finds by its name. */
  readonly hasLora: boolean;
  readonly files: readonly (readonly [name: string, what: string])[];
  /** Where it will be, for the examples. */
  readonly repository: string | undefined;
}

/** What the hub groups models by. */
const familyTags: Readonly<Partial<Record<CheckpointKindName, readonly string[]>>> = {
  sd1: ['stable-diffusion', 'stable-diffusion-diffusers'],
  sd2: ['stable-diffusion', 'stable-diffusion-diffusers'],
  sdxl: ['stable-diffusion-xl', 'stable-diffusion-xl-diffusers'],
};

/** README.md of the repository. */
export function modelCard(facts: CardFacts): string {
  const sections = [
    `# ${facts.title}`,
    ...(facts.pictures.length > 0 ? ['<Gallery />'] : []),
    `${facts.methodTitle}, trained with diffusekrona${facts.baseModel === undefined ? '' : ` on [${facts.baseModel}](https://huggingface.co/${facts.baseModel})`}.`,
    `## Trigger words\n\n${facts.words.map((word) => `\`${word}\``).join(', ')}; trained on "${facts.instancePrompt}".`,
    `## Use it\n\n${usage(facts)}`,
    `## Files\n\n${table(['file', 'what'], facts.files)}`,
    `## Training\n\n${table(['setting', 'value'], facts.settings)}`,
    ...(facts.metrics.length > 0
      ? [`## Evaluation\n\n${table(['metric', 'mean'], facts.metrics)}`]
      : []),
  ];
  return `---\n${frontMatter(facts)}---\n\n${sections.join('\n\n')}\n`;
}

function usage({ repository = 'OWNER/NAME', baseModel, hasLora, instancePrompt }: CardFacts) {
  const base = baseModel ?? 'BASE';
  const example = JSON.stringify(`${instancePrompt} on the beach`);
  const ours = `\`\`\`ts
import { generate } from 'diffusekrona';

await generate({
  base: ${JSON.stringify(base)},
  adapter: [{ file: 'adapter.safetensors' }],
  prompt: ${example},
  out: 'pictures',
});
\`\`\``;
  if (!hasLora) return ours;
  return `${ours}\n\n\`\`\`py\npipeline = AutoPipelineForText2Image.from_pretrained(${JSON.stringify(base)})\npipeline.load_lora_weights(${JSON.stringify(repository)})\n\`\`\``;
}

function frontMatter(facts: CardFacts): string {
  const { baseModel, family, license, method, instancePrompt, pictures, hasLora } = facts;
  const tags = [
    ...['text-to-image', 'diffusers-training', 'diffusers', 'diffusekrona', method],
    ...(hasLora ? ['lora', 'template:sd-lora'] : []),
    ...((family && familyTags[family]) ?? []),
  ];
  const lines = [
    ...(license === undefined ? [] : [`license: ${quoted(license)}`]),
    'library_name: diffusers',
    ...(baseModel === undefined
      ? []
      : [`base_model: ${quoted(baseModel)}`, 'base_model_relation: adapter']),
    `instance_prompt: ${quoted(instancePrompt)}`,
    'pipeline_tag: text-to-image',
    'inference: true',
    'tags:',
    ...[...new Set(tags)].map((tag) => `  - ${quoted(tag)}`),
    ...(pictures.length > 0 ? ['widget:'] : []),
    ...pictures.flatMap(({ path, prompt }) => [
      `  - text: ${quoted(prompt)}`,
      `    output:\n      url: ${quoted(path)}`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** A string of JSON is one of YAML 1.2. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

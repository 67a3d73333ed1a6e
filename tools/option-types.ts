/** @file The public types of options, written from the schemas: names, types, meanings and defaults as an editor shows them. */
import * as z from 'zod';
import { adapters } from '../src/adapters/index.ts';
import {
  evaluateSchema,
  ofPictures,
  ofRuns,
} from '../src/experiments/evaluate/evaluate-options.ts';
import { generateSchema } from '../src/generate/generate-options.ts';
import { upscaleSchema } from '../src/generate/upscale/upscale-options.ts';
import { trainSchema } from '../src/train/train-options.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What stands in the place of a setting's own type and description. */
interface Replacement {
  readonly type: string;
  readonly description?: string;
}

interface Settings {
  readonly name: string;
  readonly about: string;
  readonly schema: z.ZodObject;
  readonly without?: readonly string[];
  readonly replaced?: Readonly<Record<string, Replacement>>;
}

const recommended = 'What is left out is what the base model recommends, and then the default.';
const picture: Replacement = { type: 'PictureSource' };
const realPictures: Replacement = {
  type: 'string | readonly PictureSource[]',
  description:
    'folder with the real pictures, or the pictures themselves; of a run, those it was trained on',
};

/** The files of generated types, by path. */
export function optionFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['src/api/options/method-options.ts', methodOptions()],
    [
      'src/api/options/train-settings.ts',
      settingsFile('What a training may be told.', {
        name: 'TrainSettings',
        about: `Settings of a training but for its method. ${recommended}`,
        schema: trainSchema,
        without: ['adapter', 'adapterOptions'],
        replaced: {
          images: {
            type: 'string | readonly PictureSource[]',
            description:
              'folder with 3 to 6 pictures of the subject, pocket/NAME for bundled ones, or the pictures themselves, of which the run keeps copies',
          },
        },
      }),
    ],
    [
      'src/api/options/generate-settings.ts',
      settingsFile('What a drawing may be told.', {
        name: 'GenerateOptions',
        about: `Settings of a drawing. ${recommended}`,
        schema: generateSchema,
        replaced: {
          ...{ initImage: picture, mask: picture },
          subjectPicture: { type: 'readonly PictureSource[]' },
        },
      }),
    ],
    [
      'src/api/options/upscale-settings.ts',
      settingsFile('What enlarging pictures may be told.', {
        name: 'UpscaleOptions',
        about: `Settings of enlarging pictures. ${recommended}`,
        schema: upscaleSchema,
      }),
    ],
    [
      'src/api/options/evaluate-settings.ts',
      settingsFile(
        'What an evaluation may be told.',
        {
          name: 'RunEvaluation',
          about: `Settings of an evaluation that draws with a run's adapter. ${recommended}`,
          schema: evaluateSchema,
          without: ofPictures,
          replaced: { images: realPictures },
        },
        {
          name: 'PicturesEvaluation',
          about: 'Settings of an evaluation of pictures that exist.',
          schema: evaluateSchema,
          without: ofRuns,
          replaced: {
            images: realPictures,
            pictures: {
              type: 'string | readonly (readonly PictureSource[])[]',
              description:
                'instead of a run: folder with pictures of any tool, in folders 01, 02 ... by prompt; or the pictures of one subject themselves, a list for each prompt',
            },
          },
        },
      ),
    ],
  ]);
}

const notice = 'Written by `npm run derive` from the schema.';

function settingsFile(idea: string, ...settings: readonly Settings[]): string {
  const body = settings.map(interfaceOf).join('\n');
  const pictures = body.includes('PictureSource')
    ? "import type { PictureSource } from '../call/picture-source.ts';\n\n"
    : '';
  return `/** @file ${idea} ${notice} */\n${pictures}${body}`;
}

/** The options of every method, and the union that ties them to its name. */
function methodOptions(): string {
  const methods = Object.values(adapters).map(({ name, title, schema }) => {
    const type = `${pascalCase(name)}Options`;
    const about = `Options of ${name}: ${title}.`;
    const isEmpty = Object.keys(schema.shape).length === 0;
    const body = isEmpty
      ? `${docs([about])}export type ${type} = Readonly<Record<string, never>>;\n`
      : interfaceOf({ name: type, about, schema });
    return { name, type, title, body };
  });
  const byDefault = trainSchema.shape.adapter.parse(undefined);
  const choices = methods.map(({ name, type, title }) => {
    const optional = name === byDefault ? '?' : '';
    const lines = [`${title}.`, ...(optional && [`@default '${name}'`])];
    return `  | {\n${docs(lines)}readonly adapter${optional}: '${name}'${optional && ' | undefined'};\n/** Options of the method. */\nreadonly adapterOptions?: ${type} | undefined;\n}`;
  });
  return [
    `/** @file The options of every method, written by \`npm run derive\` from the methods' schemas. */\n`,
    ...methods.map(({ body }) => body),
    `${docs(['A method and the options that it has.'])}export type MethodSettings =\n${choices.join('\n')};\n`,
  ].join('\n');
}

function interfaceOf({ name, about, schema, without = [], replaced = {} }: Settings): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  const members = Object.entries(properties)
    .filter(([key]) => !without.includes(key))
    .map(([key, given]) => {
      const json: JsonSchema = typeof given === 'object' ? given : {};
      const description = replaced[key]?.description ?? json.description ?? '';
      const byDefault = json.default === undefined ? [] : [`@default ${literal(json.default)}`];
      const type = replaced[key]?.type ?? typeOf(json);
      const rest = required.includes(key) ? `: ${type}` : `?: ${type} | undefined`;
      return `${docs([sentence(description), ...byDefault])}  readonly ${key}${rest};\n`;
    });
  return `${docs([about])}export interface ${name} {\n${members.join('')}}\n`;
}

/** The type of what a JSON schema takes. */
function typeOf(json: JsonSchema | boolean): string {
  if (typeof json === 'boolean') return 'unknown';
  if (json.anyOf !== undefined) return json.anyOf.map((each) => typeOf(each)).join(' | ');
  if (json.enum !== undefined) return json.enum.map(literal).join(' | ');
  switch (json.type) {
    case 'string':
    case 'boolean':
      return json.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return arrayOf(json);
    case 'object':
      return objectOf(json);
    default:
      return 'unknown';
  }
}

function arrayOf({ prefixItems, items }: JsonSchema): string {
  if (prefixItems !== undefined) return `[${prefixItems.map((each) => typeOf(each)).join(', ')}]`;
  return `(${typeof items === 'object' && !Array.isArray(items) ? typeOf(items) : 'unknown'})[]`;
}

function objectOf({ properties, required = [], additionalProperties }: JsonSchema): string {
  if (properties === undefined) {
    const values =
      typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
    return `Record<string, ${values}>`;
  }
  const members = Object.entries(properties).map(([key, given]) => {
    const type = typeof given === 'object' ? typeOf(given) : 'unknown';
    return required.includes(key) ? `${key}: ${type}` : `${key}?: ${type} | undefined`;
  });
  return `{ ${members.join('; ')} }`;
}

/** A value as code writes it. */
function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  return JSON.stringify(value);
}

/** A description as a sentence; what only flags need to know is left out. */
function sentence(description: string): string {
  const text = description.replace(/[,;] one a flag/, '');
  const first = text.replace(/^[a-z]/, (letter) => letter.toUpperCase());
  return first === '' || /[.)]$/.test(first) ? first : `${first}.`;
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** A docstring of these paragraphs. */
function docs(paragraphs: readonly string[]): string {
  const safe = paragraphs.filter(Boolean).map((text) => text.replaceAll('*/', '*\\/'));
  const [only = ''] = safe;
  if (safe.length === 1 && only.length < 90) return `/** ${only} */\n`;
  const lines = safe.flatMap((text, i) => [...(i === 0 ? [] : ['']), ...wrapped(text)]);
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}

/** Lines of at most 100 letters. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length >= 100) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

/** @file Settings found inside a picture, of ours or of another tool, as generating takes them. */
import * as z from 'zod';
import { literalTemplate } from '../../base/subject-template.ts';
import { parseJson } from '../../formats/parse-json.ts';
import { generateSchema } from '../generate-options.ts';
import { a1111Settings } from './a1111-settings.ts';
import { comfyuiSettings } from './comfyui-settings.ts';
import type { FoundSettings } from './settings-of-picture.ts';

/** Characters of a text that is looked into: far above any prompt or graph. */
const longest = 1_000_000;

/**
 * The settings in the texts of a picture; undefined where there are none that are understood.
 *
 * @param texts by keyword, as `readPngText` gives them
 */
export function foundSettings(texts: ReadonlyMap<string, string>): FoundSettings | undefined {
  const text = (keyword: string) => {
    const found = texts.get(keyword) ?? '';
    return found.length > longest ? '' : found;
  };
  return (
    ourSettings(text('krona')) ??
    a1111Settings(text('parameters')) ??
    comfyuiSettings(text('prompt'))
  );
}

const ours = z.looseObject({
  prompt: z.string(),
  negative: z.string().default(''),
  promptSyntax: z.string().optional(),
  base: z.string(),
  /** Of a picture that was enlarged by a model made for it. */
  noiseLevel: z.number().optional(),
  adapters: z.array(z.looseObject({ file: z.string(), strength: z.number() })).default([]),
});

/** Settings of other machines' files and folders mean nothing here. */
const places = new Set([
  'run',
  'adapter',
  'prompts',
  'wildcards',
  'initImage',
  'mask',
  'subjectPicture',
  'subject',
  'out',
  'device',
  'tolerate',
]);

function ourSettings(text: string): FoundSettings | undefined {
  const found = ours.safeParse(parseJson(text));
  if (!found.success) return undefined;
  const { prompt: _prompt, negative: _negative, promptSyntax: _syntax, ...others } = found.data;
  if (others.noiseLevel !== undefined) return ofEnlarged(found.data);
  const known = Object.entries(others).filter(
    ([key, value]) =>
      Object.hasOwn(generateSchema.shape, key) && !places.has(key) && value !== null,
  );
  const adapters = found.data.adapters.map(({ file, strength }) => ({ name: file, strength }));
  // A picture is one of its request.
  return {
    from: 'krona',
    settings: {
      ...promptsOf(found.data),
      ...Object.fromEntries(known),
      count: 1,
    },
    adapters,
    notes: [],
  };
}

/** Of a picture that a model made for it enlarged, which draws none: the prompts alone. */
function ofEnlarged(found: z.output<typeof ours>): FoundSettings {
  const { base } = found;
  return {
    from: 'krona',
    settings: promptsOf(found),
    adapters: [],
    notes: [`It was enlarged by "${base}", which draws none itself; only the prompts are taken.`],
  };
}

function promptsOf(found: z.output<typeof ours>) {
  const [prompt, negative] = [found.prompt, found.negative].map(literalTemplate);
  return { prompt, negative, ...syntaxOf(found) };
}

/** Earlier versions took every character as it is, and did not say so; where both mean the same, nothing is said. */
function syntaxOf({ prompt, negative, promptSyntax }: z.output<typeof ours>) {
  if (promptSyntax !== undefined) return { promptSyntax };
  const isAlike = [prompt, negative].every(
    (text) => text.length <= 75 && !/[()[\]\\]|BREAK/.test(text),
  );
  return isAlike ? {} : { promptSyntax: 'plain' };
}

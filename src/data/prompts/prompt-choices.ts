/** @file Choices in a prompt: `{red|blue}`, `{3::red|blue}` and `__colour__`, a line of a file. */
import { ConfigError, invariant } from '../../base/errors.ts';
import { shortened } from '../../base/messages/shortened.ts';
import { lastOf, required } from '../../base/required.ts';

/** A text, one of several templates, or a line of a list. */
export type TemplatePart =
  | string
  | { readonly options: readonly WeightedTemplate[] }
  | { readonly list: string };

/** Parts one after the other. */
export type Template = readonly TemplatePart[];

interface WeightedTemplate {
  /** How often it is chosen, beside the others. */
  readonly weight: number;
  readonly template: Template;
}

/** Choices inside choices; beyond, nobody reads them. */
const deepest = 20;
/** Parts of one prompt, however its lists name each other. */
const mostParts = 10_000;

/** A doubled brace, a brace, what divides options, or the name of a list. */
const sign = /\{\{|\}\}|[{}|]|__(?<list>[\p{L}\p{N}./-]+(?:_[\p{L}\p{N}./-]+)*)__/gu;
/** `2::red` */
const weightStart = /^\s*(\d+\.?\d*|\.\d+)::/;
/** Of other tools' templates: several of the options, and variables. */
const unsupported = /^\s*(?:[-\d]+\$\$|!?[\w]+=)|\$\{/;

/**
 * Reads a template. Braces without `|` are left as they stand, and so are doubled ones: places of the subject are filled
 * in afterwards.
 *
 * @param where names the setting, or the file, in errors
 * @throws ConfigError PROMPT_CHOICES
 */
export function promptTemplate(text: string, where: string): Template {
  const refuse = (problem: string): never => {
    throw new ConfigError(
      'PROMPT_CHOICES',
      `${where}: ${problem}, in "${shortened(text, 200)}"; choices are {red|blue} and {3::red|blue}, {{ and }} stand for braces, and \`promptSyntax: plain\` has none`,
    );
  };
  /** Of all that is open, the text itself first, the options so far. */
  const stack: TemplatePart[][][] = [[[]]];
  const add = (...parts: Template) => lastOf(lastOf(stack)).push(...parts);
  let from = 0;
  for (const { written, index, list } of signsOf(text)) {
    if (/^[|}]/.test(written) && stack.length === 1) continue;
    add(text.slice(from, index));
    from = index + written.length;
    if (list !== undefined) add({ list });
    else if (written === '|') lastOf(stack).push([]);
    else if (written === '{') {
      stack.push([[]]);
      if (stack.length > deepest) refuse(`choices are more than ${deepest} deep in each other`);
    } else {
      const options = stack.pop() ?? [];
      const [only = []] = options;
      if (options.length === 1) add('{', ...only, '}');
      else add({ options: options.map((option) => weighted(option, refuse)) });
    }
  }
  add(text.slice(from));
  // A brace that nothing closes is itself, unless it begins a choice.
  while (stack.length > 1) {
    const [only = [], ...others] = stack.pop() ?? [];
    if (others.length > 0) refuse('a choice is not closed');
    add('{', ...only);
  }
  return joined(lastOf(stack).flat());
}

interface Sign {
  readonly written: string;
  readonly index: number;
  /** The name of a list. */
  readonly list: string | undefined;
}

/** What divides a template: doubled braces are none, but where they close two pairs, `{red|a {subject}}`. */
function* signsOf(text: string): Generator<Sign, void> {
  let pairs = 0;
  let doubled = 0;
  for (const { 0: written, index, groups } of text.matchAll(sign)) {
    if (written === '{{') doubled += 1;
    else if (written === '}}' && (doubled > 0 || pairs === 0)) doubled = Math.max(0, doubled - 1);
    else if (written === '}}') {
      yield { written: '}', index, list: undefined };
      yield { written: '}', index: index + 1, list: undefined };
      pairs = Math.max(0, pairs - 2);
    } else {
      if (written === '{') pairs += 1;
      if (written === '}') pairs = Math.max(0, pairs - 1);
      yield { written, index, list: groups?.list };
    }
  }
}

function weighted(option: Template, refuse: (problem: string) => never): WeightedTemplate {
  const [first = ''] = joined(option);
  const start = typeof first === 'string' ? first : '';
  if (unsupported.test(start)) refuse('choosing several at once, and variables, are not supported');
  const [written, digits] = weightStart.exec(start) ?? [];
  if (written === undefined) return { weight: 1, template: joined(option) };
  const rest = joined(option).slice(1);
  return { weight: Number(digits), template: joined([start.slice(written.length), ...rest]) };
}

/** Texts that follow each other as one. */
function joined(parts: Template): Template {
  const result: TemplatePart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === 'string' && typeof last === 'string') result.splice(-1, 1, last + part);
    else if (part !== '') result.push(part);
  }
  return result;
}

/** The texts of a template, whichever is chosen. */
export function textsOf(template: Template): readonly string[] {
  return template.flatMap((part) => {
    if (typeof part === 'string') return [part];
    return 'options' in part ? part.options.flatMap((option) => textsOf(option.template)) : [];
  });
}

/** The lists that a template names. */
export function listsOf(template: Template): readonly string[] {
  return template.flatMap((part) => {
    if (typeof part === 'string') return [];
    return 'list' in part
      ? [part.list]
      : part.options.flatMap((option) => listsOf(option.template));
  });
}

/** Whether it is the same text every time. */
export function isFixed(template: Template): boolean {
  return template.every((part) => typeof part === 'string');
}

/** What chooses. */
export interface Choosing {
  /** Lines of every list that may come up. */
  readonly lists: ReadonlyMap<string, readonly Template[]>;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly where: string;
}

/**
 * A text of a template.
 *
 * @throws ConfigError PROMPT_CHOICES where it has more than ten thousand parts
 */
export function chosenText(template: Template, { lists, random, where }: Choosing): string {
  let count = 0;
  const texts: string[] = [];
  const choose = (each: Template): void => {
    for (const part of each) {
      count += 1;
      if (count > mostParts) {
        throw new ConfigError(
          'PROMPT_CHOICES',
          `${where}: a prompt has more than ${mostParts} parts; its wildcards name each other too often`,
        );
      }
      if (typeof part === 'string') texts.push(part);
      else if ('list' in part) {
        const lines = lists.get(part.list);
        invariant(lines !== undefined, `a list that was not read: ${part.list}`);
        choose(required(lines, Math.floor(random() * lines.length)));
      } else choose(optionOf(part.options, random()));
    }
  };
  choose(template);
  return texts.join('');
}

/** @param share in [0, 1) of the sum of weights */
function optionOf(options: readonly WeightedTemplate[], share: number): Template {
  const sum = options.reduce((all, { weight }) => all + weight, 0);
  let rest = share * sum;
  for (const { weight, template } of options) {
    rest -= weight;
    if (rest < 0) return template;
  }
  return options.at(-1)?.template ?? [];
}

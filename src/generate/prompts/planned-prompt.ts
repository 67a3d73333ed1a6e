/** @file A prompt of a request, whose choices the seed of each picture decides. */
import { MersenneTwister } from '../../base/mersenne-twister.ts';
import {
  chosenText,
  isFixed,
  promptTemplate,
  type Template,
  textsOf,
} from '../../data/prompts/prompt-choices.ts';
import type { PromptSyntax } from '../../data/prompts/prompt-syntax.ts';
import type { WildcardLists } from '../../data/prompts/wildcard-files.ts';

/** A prompt as it was asked for. */
export interface AskedPrompt {
  /** As it was written. */
  readonly text: string;
  readonly template: Template;
  /** The setting, or the file, in errors. */
  readonly where: string;
}

/** A prompt with everything filled in but its choices. */
export interface PlannedPrompt {
  /** As it was asked for, with the subject filled in. */
  readonly text: string;
  /** Whether pictures have different ones. */
  readonly varies: boolean;
  /** That of a picture. */
  of(seed: number): string;
}

/**
 * Reads a prompt of a request.
 *
 * @throws ConfigError PROMPT_CHOICES
 */
export function askedPrompt(text: string, where: string, syntax: PromptSyntax): AskedPrompt {
  const template = syntax === 'plain' ? [text] : promptTemplate(text, where);
  return { text, template, where };
}

/** The texts that a prompt may consist of, whichever is chosen. */
export function textsOfPrompt({ template }: AskedPrompt): readonly string[] {
  return textsOf(template);
}

/** @param fill puts the subject into a text */
export function plannedPrompt(
  { text, template, where }: AskedPrompt,
  { lists, fill }: { readonly lists: WildcardLists; readonly fill: (text: string) => string },
): PlannedPrompt {
  if (isFixed(template)) {
    const filled = fill(text);
    return { text: filled, varies: false, of: () => filled };
  }
  return {
    text,
    varies: true,
    of: (seed) => {
      const twister = new MersenneTwister(seed % 2 ** 32);
      const random = () => twister.next() / 2 ** 32;
      return fill(chosenText(template, { lists, random, where }));
    },
  };
}

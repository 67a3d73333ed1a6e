/** @file The protocol of DreamBench, which any benchmark follows: what is drawn, and how a subject is named. */
import type { PromptLists, SubjectType } from '../../metrics/prompts.ts';

/** Drawn for every prompt of a subject. */
export const picturesPerPrompt = 4;

/** The rare word that stands before the class. Published reproductions of DreamBooth use this one. */
const rareWord = 'sks';

/** As a subject is trained and prompted: "sks teapot". */
export function phraseOf(className: string): string {
  return `${rareWord} ${className}`;
}

/** Pictures that the protocol asks for: of each subject, for each prompt of its type. */
export function countPictures({
  subjects,
  prompts,
}: {
  readonly subjects: readonly { readonly type: SubjectType }[];
  readonly prompts: PromptLists;
}): number {
  return subjects.reduce((sum, { type }) => sum + picturesPerPrompt * prompts[type].length, 0);
}

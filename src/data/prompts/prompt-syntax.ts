/** @file How prompts may be read. */

/** As A1111 reads them: weights, chunks; or every character as it is, as far as one chunk goes. */
export const promptSyntaxes = ['a1111', 'plain'] as const;

export type PromptSyntax = (typeof promptSyntaxes)[number];

/** @file How long the texts of a request are for a UNet, before anything is loaded. */
import { commonMultiple } from '../../base/numbers/common-multiple.ts';
import { type BaseModel, textLength } from '../../pipeline/base/base-model.ts';
import { tokenize } from '../../pipeline/text/tokenized-prompt.ts';
import type { GenerateConfig } from '../generate-options.ts';

/**
 * Tokens of the longest texts that a step is given: of each prompt with the negative one, where there is guidance.
 *
 * @param base knows the words of the adapters
 * @throws ConfigError as tokenize, for a prompt that cannot be read
 */
export function mostTokens(
  base: BaseModel,
  prompts: readonly string[],
  { negative, promptSyntax: syntax, guidance }: GenerateConfig,
): number {
  const isTold = base.unet.config.guidanceSize !== undefined;
  const reading = { where: 'negative', isNegative: true, syntax };
  const { chunks: unwanted = 1 } = tokenize(base, negative, reading);
  const chunks = prompts.map((prompt) => {
    const { chunks: wanted = 1 } = tokenize(base, prompt, { syntax });
    return guidance === 1 || isTold ? wanted : commonMultiple([wanted, unwanted]);
  });
  return Math.max(1, ...chunks) * textLength(base);
}

/** @file Piecewise constant learning rates in diffusers' notation: `1:10,0.1:20,0.005`. */
import { ConfigError } from '../base/errors.ts';

/** A factor and the step, counted from 0, before which it holds. */
interface Rule {
  readonly factor: number;
  readonly before: number;
}

/**
 * Reads factors and their ends; the last has none.
 *
 * @throws ConfigError LEARNING_RATE_RULES
 */
export function parseRules(text: string): readonly Rule[] {
  const parts = text.split(',').map((part) => part.split(':').map((number) => number.trim()));
  const rules = parts.map(([factor = '', before, ...rest], i) => {
    const isLast = i === parts.length - 1;
    const rule = {
      factor: Number(factor),
      before: isLast ? Number.POSITIVE_INFINITY : Number(before),
    };
    const isSound =
      factor !== '' &&
      Number.isFinite(rule.factor) &&
      rule.factor >= 0 &&
      rest.length === 0 &&
      (isLast ? before === undefined : Number.isInteger(rule.before));
    if (isSound) return rule;
    throw wrongRules(text);
  });
  const isRising = rules.every(({ before }, i) => before > (rules[i - 1]?.before ?? 0));
  if (!isRising) throw wrongRules(text);
  return rules;
}

/** The factor that holds at a step. */
export function ruleAt(rules: readonly Rule[], step: number): number {
  return rules.find(({ before }) => step < before)?.factor ?? 0;
}

function wrongRules(text: string): ConfigError {
  return new ConfigError(
    'LEARNING_RATE_RULES',
    `learning rate rules are factors, each with the step it ends before and the last without, such as "1:100,0.1:200,0.01"; got "${text}"`,
  );
}

/** @file What is learned, in words: a rare word and the class, "sks dog". */
import { ConfigError } from '../base/errors.ts';
import { lastOf, required } from '../base/required.ts';

/** The subject's phrase taken apart. */
export interface Subject {
  readonly phrase: string;
  readonly className: string;
}

/** With these a sentence begins, not a subject. */
const beginnings =
  /^(?:an?|the|my|your|his|her|its|our|their|this|that|photos?|pictures?|images?|portraits?|drawings?|paintings?)$/i;

/**
 * Refuses what is no subject: a sentence, whose first word would be taken for the rare one, and what no prompt can say.
 *
 * @throws ConfigError SUBJECT_IS_SENTENCE, or SUBJECT_CHARACTERS for braces, line breaks and other control characters
 */
export function requireSubjectPhrase(phrase: string, where = ''): void {
  const [strange] = /[{}]|\p{Cc}/u.exec(phrase.trim()) ?? [];
  if (strange !== undefined) {
    throw new ConfigError(
      'SUBJECT_CHARACTERS',
      `${where}subject: expected a rare word and the class, such as "sks dog", got ${JSON.stringify(phrase)}, which holds ${JSON.stringify(strange)}; write the words alone, and {subject} in prompts where they stand`,
    );
  }
  const words = phrase.trim().split(/\s+/);
  const first = required(words, 0);
  if (!beginnings.test(first)) return;
  const last = lastOf(words);
  const className = beginnings.test(last) ? 'dog' : last;
  throw new ConfigError(
    'SUBJECT_IS_SENTENCE',
    `${where}subject: expected a rare word and the class, such as "sks ${className}", got "${phrase}"; words around it belong into prompt ("a photo of {subject}")`,
  );
}

const usualRareWord = 'sks';

/**
 * Reads `sks dog` as an identifier and a class.
 *
 * @param where what stands before the setting's name in messages
 * @throws ConfigError SUBJECT_WITHOUT_CLASS
 */
export function parseSubject(phrase: string, className?: string, where = ''): Subject {
  const words = phrase.trim().split(/\s+/).filter(Boolean);
  const found = className?.trim() || words.slice(1).join(' ');
  if (words.length < 2 || !` ${words.join(' ')} `.includes(` ${found} `)) {
    // Of one word, it is the class that people give, unless it is the rare word of every tutorial.
    const [only] = words;
    const given = words.length === 1 && only !== usualRareWord ? only : words[1];
    const example = className ?? given ?? 'dog';
    const rare = words.length > 1 ? only : usualRareWord;
    throw new ConfigError(
      'SUBJECT_WITHOUT_CLASS',
      `${where}subject: expected a rare word and the class, such as "${rare} ${example}", got "${phrase}"${className === undefined ? '' : ` with class "${className}"`}; the class tells the model what kind of thing it learns`,
    );
  }
  return { phrase: words.join(' '), className: found };
}

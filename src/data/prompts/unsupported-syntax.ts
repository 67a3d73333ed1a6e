/** @file What A1111 reads in a prompt and this package does not: refused by name, because as words it would mean nothing. */
import { ConfigError } from '../../base/errors.ts';
import { shortened } from '../../base/messages/shortened.ts';

/** `<lora:dog:0.8>`, `<hypernet:style:1>` */
const tag = /<\w+:[^>]+>/;
const and = /(?<![\p{L}\p{N}_])AND(?![\p{L}\p{N}_])/u;
/** `[from:to:0.5]`, `[to:5]`: what stands before the bracket that closes. */
const ending = /:\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i;

/** Where a text is said. */
export interface PromptPlace {
  /** The setting, or the file. */
  readonly where: string;
  /** A negative prompt is not divided by AND. @default false */
  readonly isNegative?: boolean;
}

/**
 * Refuses adapters in a prompt, AND, alternation and editing.
 *
 * @throws ConfigError PROMPT_UNSUPPORTED naming it
 */
export function requireSupported(text: string, { where, isNegative = false }: PromptPlace): void {
  const refuse = (written: string, advice: string): never => {
    throw new ConfigError(
      'PROMPT_UNSUPPORTED',
      `${where}: "${shortened(written, 100)}" ${advice}; to take all of the text as it is, \`promptSyntax: plain\``,
    );
  };
  const [found] = tag.exec(text) ?? [];
  if (found !== undefined) {
    refuse(found, 'is an adapter inside a prompt, which is not read there; give it as `adapter`');
  }
  if (!isNegative && and.test(text)) {
    refuse('AND', 'divides a prompt into several, which is not supported; write "and"');
  }
  for (const inside of squareBrackets(text)) {
    if (inside.alternates) {
      refuse(
        inside.written,
        'alternates from step to step, which is not supported; draw a prompt of each, or write \\[ and \\]',
      );
    }
    if (inside.edits) {
      refuse(
        inside.written,
        'changes the prompt after some steps, which is not supported; a weight has round brackets, (word:1.3), or write \\[ and \\]',
      );
    }
  }
}

interface Inside {
  readonly written: string;
  readonly alternates: boolean;
  readonly edits: boolean;
}

/** Every closed pair of square brackets. */
function squareBrackets(text: string): readonly Inside[] {
  const open: { readonly bracket: string; readonly at: number; hasBar: boolean; own: number }[] =
    [];
  const found: Inside[] = [];
  for (const { 0: written, index } of text.matchAll(/\\.|[()[\]|]/gs)) {
    const innermost = open.at(-1);
    if (written === '(' || written === '[') {
      open.push({ bracket: written, at: index, hasBar: false, own: index + 1 });
    } else if (written === '|' && innermost !== undefined) innermost.hasBar = true;
    else if (written === ')' && innermost?.bracket === '(') open.pop();
    else if (written === ']' && innermost?.bracket === '[') {
      open.pop();
      found.push({
        written: text.slice(innermost.at, index + 1),
        alternates: innermost.hasBar,
        edits: ending.test(text.slice(innermost.own, index)),
      });
    }
    // What is written inside a pair of its own is no ending of the pair around it.
    const outer = open.at(-1);
    if (outer !== undefined && (written === ')' || written === ']')) outer.own = index + 1;
  }
  return found;
}

/** @file `krona extract`: the adapter that comes nearest to what a tuned checkpoint has more than its base. */
import { type Command, Option } from 'commander';
import { bytesOfSize } from '../../base/byte-size.ts';
import { ConfigError } from '../../base/errors.ts';
import { grouped } from '../../base/grouped.ts';
import { formatBytes, formatPlural, formatPosition, formatShare } from '../../base/quantities.ts';
import { summarizeErrors } from '../../convert/error-summary.ts';
import type { ExtractEvent, Extraction } from '../../convert/extract.ts';
import { type ExtractedFile, extractFrom } from '../../convert/extract-from.ts';
import type { Form } from '../../convert/forms.ts';
import { formsToTry, type SizedForm } from '../../plan/budgeted-forms.ts';
import { planSchema } from '../../plan/plan-options.ts';
import { projectionOf } from '../../plan/site-groups.ts';
import { trainSchema } from '../../train/train-options.ts';
import { fieldsOf } from '../flags/fields.ts';
import { addFlags, readFlags } from '../flags/flags.ts';
import { addFormFlags, readForm } from '../flags/form-flags.ts';
import { addAction, type Work } from '../shell/action.ts';
import type { Progress } from '../shell/progress.ts';
import type { Terminal } from '../shell/terminal.ts';
import { formatErrors } from '../words/error-table.ts';
import { formatFacts } from '../words/table.ts';

const fields = fieldsOf(trainSchema.pick({ targets: true })).map((field) => ({
  ...field,
  description: 'which weights the adapter may change: presets and patterns, as for krona plan',
  json: { ...field.json, default: ['attention'] },
}));

const budgetFields = fieldsOf(planSchema.pick({ budget: true })).map((field) => ({
  ...field,
  description:
    'the nearest adapter whose file stays within a size such as 2MB; a1 and a2 are tried on a few sites',
}));

const examples = `
Examples:
  krona extract --from dog-merged.safetensors --base sd-v1-5.safetensors --out dog.safetensors
  krona extract --from tuned --base stable-diffusion-v1-5/stable-diffusion-v1-5 --as lora --rank 16 --out tuned-lora.safetensors
  krona extract --from tuned --base stable-diffusion-v1-5/stable-diffusion-v1-5 --budget 2MB --out tuned-krona.safetensors
  krona extract --from tuned --base models/my-sd --targets attention+feed-forward --a1 16 --a2 16 --out tuned.safetensors
  krona extract --from tuned --base models/my-sd --layout reference --a1 64 --a2 8 --out official.safetensors

Both checkpoints are read weight by weight, in whatever precision they are: the rounding of half precision files is a
change too, and no adapter comes near that. The adapter is a file of ours; krona convert writes it for other tools.
`;

interface ExtractFlags {
  readonly from: string;
  readonly base: string;
  readonly out: string;
  readonly as: 'lora' | 'krona';
}

/** Gives the command its options and its action. */
export function addExtract(command: Command, terminal: Terminal): void {
  command
    .description(
      'Takes the difference of two checkpoints and writes the KronA or LoRA that comes nearest to it.',
    )
    .addHelpText('after', examples)
    .requiredOption(
      '--from <model>',
      'tuned checkpoint: a folder, a file, or owner/name of the hub',
    )
    .requiredOption('--base <model>', 'what it was tuned from');
  addFlags(command, fields, 'What form:');
  addFormFlags(
    command,
    new Option('--as <form>', 'what to make of it').choices(['krona', 'lora']).default('krona'),
  );
  addFlags(command, budgetFields, 'What form:');
  command.addOption(
    new Option('--out <file>', 'adapter to write').makeOptionMandatory().helpGroup('Output:'),
  );
  addAction(command, terminal, { json: 'result' }, (work) => extract(command, work));
}

async function extract(command: Command, work: Work): Promise<void> {
  const { from, base, out } = command.opts<ExtractFlags>();
  const { targets } = trainSchema.pick({ targets: true }).parse(readFlags(fields, command));
  const form = readSizedForm(command);
  const made = await extractFrom(
    { from, base, out, targets, forms: (about) => formsToTry(form, about) },
    { ...work, listener: work.shown(showEvents) },
  );
  work.out({ text: textOf(out, made), value: resultOf(out, made) });
}

/** @throws ConfigError RANK_MISSING, BUDGET_AND_SIZE */
function readSizedForm(command: Command): SizedForm {
  const { as } = command.opts<ExtractFlags>();
  const { budget } = readFlags(budgetFields, command);
  const form = readForm(command, { layout: 'kron' });
  if (form === undefined) throw new Error('internal: --as has a default');
  const hasSize = ['rank', 'a1', 'a2', 'terms'].some(
    (name) => command.getOptionValue(name) !== undefined,
  );
  if (budget !== undefined && hasSize) {
    throw new ConfigError(
      'BUDGET_AND_SIZE',
      '--budget chooses the size; leave it out, or --rank, --a1, --a2 and --terms',
    );
  }
  if (typeof budget === 'string') {
    const bytes = bytesOfSize(budget) ?? 0;
    return form.as === 'krona'
      ? { as: 'krona', budget: bytes, layout: form.layout }
      : { as: 'lora', budget: bytes };
  }
  if (form.as !== 'lora') return form;
  if (form.rank !== undefined) return { as: form.as, rank: form.rank };
  throw new ConfigError(
    'RANK_MISSING',
    `--as ${as}: say how large, such as --rank 8 or --budget 2MB`,
  );
}

function showEvents(progress: Progress) {
  return (event: ExtractEvent): void => {
    const { done, total } = event;
    progress.status(
      event.type === 'comparing'
        ? `comparing ${formatPosition('weight', done, total)}`
        : `fitting ${formatPosition('site', done, total)}: ${event.site}`,
    );
  };
}

function resultOf(out: string, made: Extraction) {
  const { form, errors, unchanged, outside, left } = made;
  return {
    out,
    form,
    ...summarizeErrors(errors),
    unchanged,
    outside,
    left: leftByProjection(made),
    errors,
    weightsLeft: left,
  };
}

function textOf(out: string, made: ExtractedFile): string {
  const { form, errors, unchanged, outside, bytes } = made;
  const most = leftByProjection(made)
    .slice(0, 3)
    .map(({ projection, share }) => `${projection} (${formatShare(share)})`);
  const facts = formatFacts([
    [
      'adapter',
      `${describeForm(form)} at ${formatPlural(errors.length, 'site')}, ${formatBytes(bytes)}`,
    ],
    ...(unchanged === 0
      ? []
      : [['left out', `${formatPlural(unchanged, 'site')} that tuning did not change`] as const]),
    [
      'outside',
      most.length === 0
        ? 'nothing changed but the targets'
        : `${formatShare(outside)} of the squared change lies outside the targets, most in ${most.join(', ')}`,
    ],
  ]);
  return `${out}\n${facts}\n${formatErrors(errors)}`;
}

/** What changed outside the targets, by projection: shares of the whole squared change, the largest first. */
function leftByProjection({ left, outside }: Extraction) {
  const sum = (changes: Extraction['left']) =>
    changes.reduce((squares, each) => squares + each.squares, 0);
  const whole = sum(left) / outside;
  return [...grouped(left, ({ name }) => projectionOf(name.replace(/\.weight$/, '')))]
    .map(([projection, own]) => ({ projection, share: sum(own) / whole }))
    .toSorted((a, b) => b.share - a.share);
}

function describeForm(form: Form): string {
  if (form.as === 'lora') return `lora of rank ${form.rank}`;
  if (form.as === 'diff') return form.as;
  const { a1, a2, terms = 1, layout } = form;
  return `krona (a1 ${a1}, a2 ${a2}, ${terms === 1 ? '' : `${terms} terms, `}${layout})`;
}

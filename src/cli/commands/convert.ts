/** @file `krona convert`: an adapter in the format of another tool, or in another form. */
import { type Command, Option } from 'commander';
import type { PlacedAdapter } from '../../adapters/index.ts';
import { grouped } from '../../base/grouped.ts';
import { formatPlural, formatPosition } from '../../base/quantities.ts';
import type { FittingEvent } from '../../convert/adapter-in-form.ts';
import type { Conversion } from '../../convert/convert.ts';
import { convertFrom } from '../../convert/convert-from.ts';
import { summarizeErrors } from '../../convert/error-summary.ts';
import { type TargetName, targetNames, targetOf } from '../../convert/targets.ts';
import { type Tolerance, tolerances } from '../../exchange/index.ts';
import { type StoredDType, storedDTypes } from '../../tensor/half.ts';
import { addFormFlags, readForm } from '../flags/form-flags.ts';
import { addAction, type Work } from '../shell/action.ts';
import type { Progress } from '../shell/progress.ts';
import type { Terminal } from '../shell/terminal.ts';
import { formatErrors } from '../words/error-table.ts';

const examples = `
Formats:
${targetNames.map((name) => `  ${name.padEnd(18)} ${targetOf(name).title}`).join('\n')}

Examples:
  krona convert runs/dog/adapter.safetensors --to kohya --out dog-comfyui.safetensors
  krona convert lokr.safetensors --to krona --base sdxl --out dog.safetensors
  krona convert dog.safetensors --to kohya --dtype f16 --block-style diffusers --out dog-f16.safetensors
  krona convert dog.safetensors --to peft --out dog-peft                     a folder
  krona convert pytorch_lora_weights.safetensors --to diff --out dog-diff.safetensors
  krona convert pytorch_lora_weights.safetensors --to diffusers --as lora --out dog-lora.safetensors
  krona convert lora.safetensors --to kohya --as krona --a1 16 --a2 16 --out nearest.safetensors

As it is, an adapter goes into every format that can hold it without loss, and is refused by the others, which say
what would work. --as brings it into another form: a KronA is exactly a LoRA of the rank rank(A)·rank(B); anything
else is what is nearest, by singular values. The relative error of every site is that of the file as written, read
again. Of the base only names and sizes are needed, so a family is enough (sd15, sd21, sdxl), except for methods
that look at its weights (OFT, SVDiff, DoRA) and are to be brought into another form.
`;

interface ConvertFlags {
  readonly to: TargetName;
  readonly base?: string;
  readonly dtype?: StoredDType;
  readonly blockStyle?: 'diffusers' | 'sgm';
  readonly out: string;
  readonly tolerate?: Tolerance[];
}

/** Gives the command its options and its action. */
export function addConvert(command: Command, terminal: Terminal): void {
  const group = 'Output:';
  command
    .argument('<adapter>', 'adapter to read: a file or folder of any tool')
    .description(
      'Writes an adapter, a file or folder of any tool, in the format of another tool, and says what is lost by it.',
    )
    .addHelpText('after', examples)
    .addOption(
      new Option('--to <format>', 'format to write').choices(targetNames).makeOptionMandatory(),
    )
    .option('--base <base>', 'what it is for, as for krona plan (default: as the file says)')
    .addOption(
      new Option('--tolerate <name...>', 'what to overlook in files of other tools').choices(
        tolerances,
      ),
    );
  addFormFlags(
    command,
    new Option('--as <form>', 'bring it into this form').choices(['lora', 'krona', 'diff']),
  );
  command
    .addOption(
      new Option('--out <path>', 'file that ends in .safetensors, or new folder')
        .makeOptionMandatory()
        .helpGroup(group),
    )
    .addOption(
      new Option('--dtype <name>', 'precision (default: f32)')
        .choices(storedDTypes)
        .helpGroup(group),
    )
    .addOption(
      new Option(
        '--block-style <name>',
        "how kohya's names call the UNet's blocks (default: sgm for SDXL, else diffusers)",
      )
        .choices(['diffusers', 'sgm'])
        .helpGroup(group),
    );
  addAction(command, terminal, { json: 'result' }, (work, path: string) =>
    convert(path, command, work),
  );
}

async function convert(path: string, command: Command, work: Work): Promise<void> {
  const { to, out, base, tolerate, dtype, blockStyle: blocks } = command.opts<ConvertFlags>();
  const form = readForm(command, { layout: targetOf(to).layout ?? 'kron' });
  const options = { adapter: path, to, out, form, base, tolerate, dtype, blocks };
  const made = await convertFrom(options, { ...work, listener: work.shown(showFitting) });
  const { paths, placed, errors = null } = made;
  const summary = summarizeErrors(errors ?? []);
  work.out({
    text: textOf(to, made),
    value: { to, paths, methods: methodsOf(placed), ...summary, errors },
  });
}

function showFitting(progress: Progress) {
  return ({ site, done, total }: FittingEvent): void =>
    progress.status(`fitting ${formatPosition('site', done, total)}: ${site}`);
}

function textOf(to: TargetName, { paths, placed, errors }: Conversion): string {
  const heading = `${paths.join('\n')}\n${describeMethods(placed)}, in the format ${to}\n\n`;
  return errors === undefined
    ? `${heading}the error was not measured: it takes the weights of the base, which a family does not have\n`
    : heading + formatErrors(errors);
}

function methodsOf(placed: readonly PlacedAdapter[]) {
  return placed.map(({ adapter: { method, options }, sites }) => ({
    method,
    options,
    sites: sites.length,
  }));
}

/** `lora of rank 4 to 16 at 128 sites` */
function describeMethods(placed: readonly PlacedAdapter[]): string {
  const groups = grouped(placed, ({ adapter }) => adapter.method);
  return [...groups]
    .map(([method, own]) => {
      const count = own.reduce((sum, { sites }) => sum + sites.length, 0);
      const ranks = own.flatMap(({ adapter: { options } }) =>
        typeof options.rank === 'number' ? [options.rank] : [],
      );
      return `${method}${describeRanks(ranks)} at ${formatPlural(count, 'site')}`;
    })
    .join(', ');
}

function describeRanks(ranks: readonly number[]): string {
  const [least, most] = [Math.min(...ranks), Math.max(...ranks)];
  if (least > most) return '';
  return ` of rank ${least === most ? least : `${least} to ${most}`}`;
}

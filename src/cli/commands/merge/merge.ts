/** @file `krona merge`: adapters into a model that needs them no longer, or several adapters into one. */
import { type Command, Option } from 'commander';
import { ConfigError } from '../../../base/errors.ts';
import { tolerances } from '../../../exchange/index.ts';
import { type AdapterRequest, parseAdapterRequest } from '../../../generate/adapter-request.ts';
import { mergeRules } from '../../../merge/join-adapters.ts';
import { mergedDTypes } from '../../../merge/output-tensor.ts';
import { addFormFlags, readForm } from '../../flags/form-flags.ts';
import { addAction, type Work } from '../../shell/action.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { type MergeFlags, mergeModel } from './merge-model.ts';
import { mergeOne } from './merge-one.ts';

const examples = `
Examples, into a model:
  krona merge --adapter runs/dog --out dog-model                    the base is the one it was trained on
  krona merge --base stable-diffusion-v1-5/stable-diffusion-v1-5 --adapter dog.safetensors=0.8 --out dog-model
  krona merge --base sd_xl_base_1.0.safetensors --adapter dog.safetensors=0.8 --adapter style.safetensors=0.5,attn2.*=0.2 \\
    --out dog-xl.safetensors --dtype f16
Examples, into one adapter:
  krona merge dog.safetensors=0.8 style.safetensors=0.5 --out both.safetensors
  krona merge dog.safetensors style.safetensors --as lora --rank 16 --out both.safetensors
  krona merge runs/dog runs/cat --how custom-diffusion --out dog-and-cat.safetensors

A folder as --out is a model in the diffusers layout, with all parts of the base; new words are in its tokenizer. A file
that ends in .safetensors has the original names, as ComfyUI and A1111 load it; where the base is such a file, everything
else in it is kept. The model computes what the base does with the adapters, to the rounding of its precision.

One adapter of several is exact without --as: what is alone at a weight stays what it is, LoRAs become one of all their
ranks, other sums become whole matrices, which are large. --as brings every matrix into a LoRA or a KronA, the nearest
where none is exact, and shows the error. krona convert writes the result for other tools. Subjects that were trained with
--adapter custom-diffusion, or any method on attn2.to_k and attn2.to_v, stay apart with --how custom-diffusion.

Adapters are files and folders of any tool. A strength is a factor on what an adapter changes, 1 as it was trained.
`;

/** Gives the command its options and its action. */
export function addMerge(command: Command, terminal: Terminal): void {
  const group = 'Output:';
  command
    .description(
      'Writes a model with adapters merged into its weights, or one adapter that does what several do.',
    )
    .argument('[adapters...]', 'adapters to make one of: FILE or FILE=STRENGTH')
    .addHelpText('after', examples)
    .addOption(
      new Option(
        '--adapter <file>',
        'adapter to merge into the model: FILE or FILE=STRENGTH, then strengths of its own for some weights, ",attn2.*=0.5"; one a flag',
      )
        .default([], 'none')
        .argParser((text: string, before: readonly AdapterRequest[]) => [
          ...before,
          parseAdapterRequest(text),
        ]),
    )
    .option(
      '--base <base>',
      'model to merge into: "pocket", a folder or file, or owner/name of the hub (default: what the adapters were trained on)',
    )
    .option(
      '--ema',
      'of a base that holds it (a single file, a folder with unet_ema), the average of the UNet over its training',
    )
    .addOption(
      new Option('--tolerate <name...>', 'what to overlook in files of other tools').choices(
        tolerances,
      ),
    );
  const ofSubjects = 'Subjects that were trained apart:';
  command
    .addOption(
      new Option(
        '--how <name>',
        "sum of what they change, or custom-diffusion: each subject's own change on the texts that name it, and the least on all others (default: sum)",
      )
        .choices(mergeRules)
        .helpGroup(ofSubjects),
    )
    .addOption(
      new Option(
        '--captions <file>',
        'texts, one a line, on which custom-diffusion changes least (default: bundled ones of everyday things)',
      ).helpGroup(ofSubjects),
    );
  addFormFlags(
    command,
    new Option('--as <form>', 'what one adapter shall be').choices(['lora', 'krona', 'diff']),
  );
  command
    .addOption(
      new Option('--out <path>', 'new folder, or file that ends in .safetensors')
        .makeOptionMandatory()
        .helpGroup(group),
    )
    .addOption(
      new Option('--dtype <name>', "precision of the model's weights (default: as-is)")
        .choices(mergedDTypes)
        .helpGroup(group),
    );
  const stopping = 'removing what was written ...';
  addAction(command, terminal, { json: 'result', stopping }, (work, adapters: readonly string[]) =>
    merge(adapters, command, work),
  );
}

async function merge(adapters: readonly string[], command: Command, work: Work): Promise<void> {
  const flags = command.opts<MergeFlags>();
  const form = readForm(command, { layout: 'kron' });
  const requests = adapters.map(parseAdapterRequest);
  requireOneKind(flags, requests, form !== undefined);
  work.out(
    requests.length > 0
      ? await mergeOne({ ...flags, adapters: requests, form }, work)
      : await mergeModel(flags, work),
  );
}

/** @throws ConfigError MERGE_WHAT */
function requireOneKind(
  { adapter, dtype, how, captions }: MergeFlags,
  adapters: readonly AdapterRequest[],
  hasForm: boolean,
): void {
  const wrong = (problem: string) => new ConfigError('MERGE_WHAT', problem);
  if (adapters.length > 0 && adapter.length > 0) {
    throw wrong(
      'adapters after --adapter go into a model, others into one adapter; give all of them with --adapter, or all without',
    );
  }
  if (adapters.length === 0 && adapter.length === 0) {
    throw wrong(
      'which adapters? --adapter FILE --out MODEL merges into a model, FILE FILE --out FILE.safetensors into one adapter',
    );
  }
  if (adapters.length > 0 && dtype !== undefined) {
    throw wrong('--dtype is of a model; an adapter of ours holds f32, krona convert writes others');
  }
  if (adapter.length > 0 && (how !== undefined || captions !== undefined)) {
    throw wrong(
      '--how and --captions are of one adapter made of several; a model adds the changes up',
    );
  }
  if (adapter.length > 0 && hasForm) {
    throw wrong('--as is of one adapter made of several; a merged model has whole weights');
  }
}

/** @file `krona plan`: what an adapter would train and a step hold, before any weight is downloaded. */
import { type Command, Option } from 'commander';
import { formatPlural } from '../../../base/quantities.ts';
import { families } from '../../../models/families.ts';
import { type Plan, type PlanEvent, plan } from '../../../plan/plan.ts';
import { type PlanOptions, planSchema } from '../../../plan/plan-options.ts';
import { trainSchema } from '../../../train/train-options.ts';
import { addAdapterFlags, readAdapterFlags } from '../../flags/adapter-flags.ts';
import { fieldsOf } from '../../flags/fields.ts';
import { addFlags, readFlags } from '../../flags/flags.ts';
import { addAction } from '../../shell/action.ts';
import type { Progress } from '../../shell/progress.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { planText } from './plan-text.ts';

const fields = fieldsOf(planSchema.pick({ base: true, adapter: true, targets: true })).map(
  (field) =>
    field.key === 'base'
      ? { ...field, description: `${Object.keys(families).join(', ')}, or as for krona train` }
      : field,
);
const stepFields = fieldsOf(
  planSchema.pick({ resolution: true, batchSize: true, basePrecision: true }),
);
const memoryFields = fieldsOf(trainSchema.pick({ memory: true }));
const budgetFields = fieldsOf(planSchema.pick({ budget: true }));

const examples = `
Examples:
  krona plan --base sdxl                        the paper's choice: a1 = 4, a2 = 64
  krona plan --base sdxl --grid                 the paper's Table 2
  krona plan --base sd15 --adapter lora --rank 8
  krona plan --base sd21 --targets attn2.to_k attn2.to_v --a1 8 --a2 32
  krona plan --base sdxl --factors attn1.*=4,64 --factors attn2.*=2,128 --json
  krona plan --base sd15 --budget 2MB           which a1 and a2 fit, and what loads them?
  krona plan --base sdxl --memory 16GB          what does a training step hold?
  krona plan --base sd15 --operations           what do a training step and a picture take, with the adapter and without?
  krona plan --base stabilityai/stable-diffusion-xl-base-1.0 --adapter lora --rank 4

No weights are needed: the configurations of Stable Diffusion 1.5, 2.1 and XL are part of the package. Of a model of
the hub only the configurations are fetched. --memory traces a whole training step, which takes some seconds; weights
that are not at hand count as half precision, and peaks are estimates for the CPU.
A site is one weight matrix, named as in the model's files, such as
unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q; a pattern names sites by an ending or with *.
`;

/** Gives the command its options and its action. */
export function addPlan(command: Command, terminal: Terminal): void {
  command
    .description(
      'Counts the parameters that an adapter would train, by projection, by block and in total, and states the memory that a training step takes.',
    )
    .addHelpText('after', examples);
  addFlags(command, fields, 'What to adapt:');
  addAdapterFlags(command);
  addFlags(command, stepFields, 'Memory of a training step:');
  command.addOption(
    new Option(
      '--memory [size]',
      'what a step holds, by the segments it is cut into; with a size such as 8GB, what stays within it',
    ).helpGroup('Memory of a training step:'),
  );
  command.addOption(
    new Option(
      '--operations',
      'floating-point operations of a training step and of a picture, with the adapter and without',
    ).helpGroup('Output:'),
  );
  addFlags(command, budgetFields, 'Output:');
  command.addOption(
    new Option('--grid', 'parameters over a1 and a2, as in Table 2 of the paper').helpGroup(
      'Output:',
    ),
  );
  addAction(command, terminal, { json: 'result' }, async (work) => {
    const options = planOptions(command);
    const made = await plan(options, { ...work, listener: work.shown(showTracing) });
    await work.answer({ text: planText(made, options), value: resultOf(made) });
  });
}

/** @throws ConfigError FLAG_VALUE, OPTION_OF_OTHER_ADAPTER */
function planOptions(command: Command): PlanOptions {
  const flags = command.opts<{
    readonly grid?: true;
    readonly operations?: true;
    readonly memory?: string | true;
  }>();
  const given: PlanOptions = readFlags([...fields, ...stepFields, ...budgetFields], command);
  const method = given.adapter ?? planSchema.shape.adapter.parse(undefined);
  const { memory } = flags.memory === true ? flags : readFlags(memoryFields, command);
  return {
    ...given,
    adapterOptions: readAdapterFlags(command, method),
    memory: memory as PlanOptions['memory'],
    operations: flags.operations,
    grid: flags.grid,
  };
}

function showTracing(progress: Progress) {
  return ({ segments }: PlanEvent): void =>
    progress.status(
      segments === 0
        ? 'tracing a training step ...'
        : `cut into ${formatPlural(segments, 'segment')} ...`,
    );
}

/** Without what is for people. */
function resultOf(made: Plan): unknown {
  switch (made.kind) {
    case 'grid': {
      const { base, entries, agreeing } = made;
      return { base, entries, agreeing };
    }
    case 'budget': {
      const { base, budgetBytes, entries } = made;
      return { base, budgetBytes, entries };
    }
    case 'adapter': {
      const { kind: _, base, title: _title, adapter, adapterOptions, ...counted } = made;
      return { base, adapter, adapterOptions, ...counted };
    }
    default:
      return made satisfies never;
  }
}

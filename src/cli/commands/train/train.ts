/** @file `krona train`: from a folder of pictures to an adapter; and on with a run that was stopped. */
import { type Command, Option } from 'commander';
import { ConfigError } from '../../../base/errors.ts';
import { formatDuration, formatPlural } from '../../../base/quantities.ts';
import { readRun } from '../../../train/folder/run-folder.ts';
import type { RunResult } from '../../../train/proceed.ts';
import { canProlong } from '../../../train/prolong.ts';
import { type ResumeOptions, resumeRun, startRun } from '../../../train/run.ts';
import { type TrainConfig, type TrainOptions, trainSchema } from '../../../train/train-options.ts';
import { addAdapterFlags, readAdapterFlags } from '../../flags/adapter-flags.ts';
import { type Field, fieldsOf } from '../../flags/fields.ts';
import { readFlags } from '../../flags/flags.ts';
import { addSettings, givenSettings, requireSettings } from '../../flags/settings.ts';
import { addAction, outputKeys, type Work } from '../../shell/action.ts';
import { commandLine, generationOf } from '../../shell/command-line.ts';
import { Interruption } from '../../shell/failure.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { showTraining } from './train-progress.ts';

const fields = fieldsOf(trainSchema);
/** Options of the method have flags of their own. */
const flagFields = fields
  .filter(({ key }) => key !== 'adapterOptions')
  .map((field) => (field.key === 'learningRate' ? withoutDefault(field) : field));
/** The method decides, as the description says. */
function withoutDefault(field: Field): Field {
  const { default: _, ...json } = field.json;
  return { ...field, json };
}

/** Those that a run which goes on may be given. */
const resumeFields = fields.filter(({ key }) => ['device', 'steps'].includes(key));
const required = ['images', 'subject', 'out'];

const examples = `
Examples:
  krona train --images my-dog --subject "sks dog" --out runs/dog
  krona train --base stable-diffusion-v1-5/stable-diffusion-v1-5:fp16 --images my-dog --subject "sks dog" --out runs/dog
  krona train --base models/my-sd --images my-dog --subject "sks dog" --a1 4 --a2 64 --out runs/dog
  krona train --images my-dog --subject "sks dog" --adapter lora --rank 8 --out runs/dog-lora
  krona train --images my-dog --subject "sks dog" --init dog.safetensors --base models/my-sd --out runs/dog-more
  krona train --config dog.yaml --steps 800 --out runs/dog-800
  krona train --resume runs/dog                 (stopped, or killed: on from its last checkpoint)
  krona train --resume runs/dog --steps 800     (finished too: as if 800 had been asked for at first)

A base that is no folder is downloaded from the Hugging Face hub, once, into the cache that Python's libraries share
(HF_HOME); what is interrupted goes on. HF_TOKEN gives a token, HF_ENDPOINT a mirror.

A base model may recommend other defaults than those above (krona.json in its folder); the bundled "pocket" does.
The run folder keeps everything: run.json, events.jsonl, checkpoints, adapter.safetensors. Ctrl-C finishes the step,
writes a checkpoint and stops; --resume goes on from there, or after a crash from the last checkpoint, and ends with
the same adapter, byte for byte.
`;

/** Gives the command its options and its action. */
export function addTrain(command: Command, terminal: Terminal): void {
  command
    .description('Trains an adapter on a folder of pictures of one subject (DreamBooth).')
    .addHelpText('after', examples);
  const group = 'What to train, and how:';
  addSettings(command, flagFields, group);
  command.addOption(
    new Option('--resume <run>', 'go on with the run of this folder').helpGroup(group),
  );
  addAdapterFlags(command);
  const stopping = 'stopping after this step, writing a checkpoint ...';
  addAction(command, terminal, { json: 'events', stopping }, async (work) => {
    const started = work.now();
    const result = await train(command, work);
    work.out({ text: await report(result, (work.now() - started) / 1000) });
  });
}

async function train(command: Command, work: Work): Promise<RunResult> {
  const host = { ...work, listener: work.shown(showTraining) };
  const { resume } = command.opts<{ readonly resume?: string }>();
  if (resume === undefined) return whole(await startRun(await trainOptions(command), host));
  requireAlone(command);
  const more: ResumeOptions = readFlags(resumeFields, command);
  return whole(await resumeRun(resume, host, more));
}

/** A resumed run has all its settings already; only where it computes and for how long may change. */
function requireAlone(command: Command): void {
  const allowed = ['resume', ...resumeFields.map(({ key }) => key), ...outputKeys];
  const other = Object.keys(command.opts()).find((key) => !allowed.includes(key));
  if (other === undefined) return;
  const flag = command.options.find((option) => option.attributeName() === other)?.long ?? other;
  throw new ConfigError(
    'RESUME_WITH_SETTINGS',
    `${flag} cannot be given with --resume: the run goes on with the settings it began with (run.json); leave ${flag} out, or start a new run`,
  );
}

/** Every setting has been checked by its own schema when it was read. */
async function trainOptions(command: Command): Promise<TrainOptions> {
  const settings = await givenSettings(command, fields);
  requireSettings(settings, fields, required);
  const method = String(settings.adapter ?? trainSchema.shape.adapter.parse(undefined));
  const ofFlags = readAdapterFlags(command, method);
  const adapterOptions = { ...(settings.adapterOptions ?? {}), ...ofFlags };
  return { ...settings, adapterOptions } as TrainOptions;
}

/**
 * A run that was not stopped.
 *
 * @throws Interruption that says how to go on
 */
export function whole(result: RunResult): RunResult {
  if (!result.interrupted) return result;
  throw new Interruption(
    `stopped after step ${result.step}; go on with: ${commandLine('train', '--resume', result.run)}`,
  );
}

async function report(
  { run, adapter, step, fromStep }: RunResult,
  seconds: number,
): Promise<string> {
  const next = `make pictures: ${generationOf(run, 'a {subject} on the beach')}\n`;
  const made = step - fromStep;
  if (made === 0) {
    const { config } = await readRun(run);
    const more = longer(config, { run, adapter, steps: 2 * step });
    return `${run} has made all its ${formatPlural(step, 'step')}: ${adapter}\n${more}\n${next}`;
  }
  const from = fromStep === 0 ? '' : `, from step ${fromStep} to ${step}`;
  return `trained ${formatPlural(made, 'step')} in ${formatDuration(seconds)}${from}: ${adapter}\n${next}`;
}

interface Longer extends Pick<RunResult, 'run' | 'adapter'> {
  readonly steps: number;
}

/** How to get more steps than a finished run has: more of the same, or a run that begins from its adapter. */
function longer(config: TrainConfig, { run, adapter, steps }: Longer): string {
  if (canProlong(config, steps)) {
    return `more steps: ${commandLine('train', '--resume', run, '--steps', String(steps))}`;
  }
  const { base, images, subject } = config;
  const same = ['--base', base, '--images', images, '--subject', subject];
  return `more steps, in a run that begins from its adapter: ${commandLine('train', '--init', adapter, ...same, '--out', 'RUN')}`;
}

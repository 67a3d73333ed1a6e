/** @file `krona evaluate`: the scores of the literature for a run, or for pictures of any tool. */
import type { Command } from 'commander';
import type { Listener } from '../../base/listener.ts';
import { formatPosition } from '../../base/quantities.ts';
import {
  type EvaluateEvent,
  type EvaluateOptions,
  evaluateSchema,
} from '../../experiments/evaluate/evaluate-options.ts';
import { evaluatePictures } from '../../experiments/evaluate/evaluate-pictures.ts';
import { type EvaluateHost, evaluateRun } from '../../experiments/evaluate/evaluate-run.ts';
import type { Evaluated } from '../../experiments/evaluate/evaluation.ts';
import { fieldsOf } from '../flags/fields.ts';
import { addFlags } from '../flags/flags.ts';
import { addOutputFlags, givenSettings, type OutputFlags } from '../flags/settings.ts';
import type { Progress } from '../shell/progress.ts';
import { shownWork } from '../shell/shown-work.ts';
import type { Terminal } from '../shell/terminal.ts';
import { formatEvaluation } from '../words/evaluation-table.ts';

const fields = fieldsOf(evaluateSchema);

const examples = `
Examples:
  krona evaluate runs/dog
  krona evaluate runs/dog --count 2 --no-drift --clip openai/clip-vit-large-patch14 --prompts dreambench.txt
  krona evaluate --pictures other-tool/dog --images my-dog --subject "sks dog" --prompts prompts.txt
  krona evaluate --pictures other-tool --subjects subjects.json --prompts prompts.json

Pictures of other tools lie in a folder for each prompt, numbered as in the prompts file: 01, 02-in-the-snow, ...
A run's pictures and evaluation.json are in its folder "evaluation". Stopped? The same command goes on: pictures that are
there are not drawn again. docs/evaluation.md says what is measured.
`;

/** Gives the command its options and its action. */
export function addEvaluate(command: Command, terminal: Terminal): void {
  command
    .description(
      'Draws the prompts of an evaluation with the adapter of a run and scores them, or scores pictures that exist.',
    )
    .argument('[run]', 'run folder whose training has finished')
    .addHelpText('after', examples);
  addFlags(command, fields, 'What to evaluate, and how:');
  addOutputFlags(command);
  command.action(async (run: string | undefined) => {
    const options: EvaluateOptions = await givenSettings(command, fields);
    await evaluate(terminal, command.opts<OutputFlags>(), { run, options });
  });
}

async function evaluate(
  terminal: Terminal,
  flags: OutputFlags,
  { run, options }: { readonly run: string | undefined; readonly options: EvaluateOptions },
): Promise<void> {
  const work = async (host: EvaluateHost): Promise<Evaluated> =>
    run === undefined
      ? await evaluatePictures(options, host)
      : await evaluateRun(run, options, host);
  const showing = { stopping: 'stopping after this step ...', show: showEvents };
  const { evaluation, file } = await shownWork(terminal, flags, showing, work);
  if (flags.json) {
    const { summary, driftSummary, encoders } = evaluation;
    const event = { type: 'evaluated', file, encoders, ...summary, drift: driftSummary };
    terminal.out(`${JSON.stringify(event)}\n`);
  } else {
    terminal.out(`${formatEvaluation(evaluation)}${file}\n`);
  }
}

function showEvents(progress: Progress): Listener<EvaluateEvent> {
  return (event) => {
    switch (event.type) {
      case 'note':
        progress.note(event.message);
        break;
      case 'warning':
        progress.note(`warning: ${event.message}`);
        break;
      case 'drawing': {
        const { done, total, step, steps } = event;
        const place = formatPosition('prompt', done + 1, total);
        progress.status(`drawing ${place}, ${formatPosition('step', step, steps)}`);
        break;
      }
      case 'scoring':
        progress.status(`scored ${formatPosition('prompt', event.done, event.total)}`);
        break;
      default:
        event satisfies never;
    }
  };
}

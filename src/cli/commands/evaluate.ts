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
import { evaluateRun } from '../../experiments/evaluate/evaluate-run.ts';
import { fieldsOf } from '../flags/fields.ts';
import { addSettings, givenSettings } from '../flags/settings.ts';
import { addAction, type ShownEvent, type Work } from '../shell/action.ts';
import type { Progress } from '../shell/progress.ts';
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
  addSettings(command, fields, 'What to evaluate, and how:');
  const stopping = 'stopping after this step ...';
  addAction(command, terminal, { json: 'events', stopping }, async (work, run?: string) =>
    evaluate(run, await givenSettings(command, fields), work),
  );
}

async function evaluate(
  run: string | undefined,
  options: EvaluateOptions,
  work: Work,
): Promise<void> {
  const host = { ...work, listener: work.shown(showEvents) };
  const { evaluation, file } =
    run === undefined
      ? await evaluatePictures(options, host)
      : await evaluateRun(run, options, host);
  const { summary, driftSummary, encoders } = evaluation;
  work.out({
    text: `${formatEvaluation(evaluation)}${file}\n`,
    value: { type: 'evaluated', file, encoders, ...summary, drift: driftSummary },
  });
}

function showEvents(progress: Progress): Listener<ShownEvent<EvaluateEvent>> {
  return (event) => {
    switch (event.type) {
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

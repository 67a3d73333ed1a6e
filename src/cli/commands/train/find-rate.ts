/** @file `krona find-rate`: some steps at rising learning rates, and the one that they suggest. */
import type { Command } from 'commander';
import type { Listener } from '../../../base/listener.ts';
import { formatPlural, formatPosition, formatSmall } from '../../../base/quantities.ts';
import { type FindRateEvent, type FoundRate, findRate } from '../../../train/rates/find-rate.ts';
import { type FindRateOptions, findRateSchema } from '../../../train/rates/find-rate-options.ts';
import { trainSchema } from '../../../train/train-options.ts';
import { addAdapterFlags, readAdapterFlags } from '../../flags/adapter-flags.ts';
import { fieldsOf } from '../../flags/fields.ts';
import { addSettings, givenSettings, requireSettings } from '../../flags/settings.ts';
import { addAction, type ShownEvent } from '../../shell/action.ts';
import type { Progress } from '../../shell/progress.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { formatFacts } from '../../words/table.ts';

const fields = fieldsOf(findRateSchema);
const flagFields = fields.filter(({ key }) => key !== 'adapterOptions');
const required = ['images', 'subject'];

const examples = `
Examples:
  krona find-rate --images my-dog --subject "sks dog" --out rates.svg
  krona find-rate --images my-dog --subject "sks dog" --adapter lora --rank 8 --lowest 1e-6 --highest 0.1
  krona find-rate --images my-dog --subject "sks dog" --validation-images my-dog-held-out --json

The rate rises from step to step by one factor; after each, the loss is measured on the same pictures under the same noise:
on held-out ones where there are any. It ends early where the loss is four times the least. What is suggested is a tenth
of the rate at which the smoothed loss is least. It is where to begin: whether pictures are good after hundreds of steps,
no loss of a few says. Nothing is kept but the picture of --out.
`;

/** Gives the command its options and its action. */
export function addFindRate(command: Command, terminal: Terminal): void {
  command
    .description(
      'Tries learning rates that rise from step to step, and suggests one to begin with.',
    )
    .addHelpText('after', examples);
  addSettings(command, flagFields, 'What to train, and which rates to try:');
  addAdapterFlags(command);
  addAction(command, terminal, { json: 'result' }, async (work) => {
    const found = await findRate(await searchOptions(command), {
      ...work,
      listener: work.shown(showSearch),
    });
    work.out({ text: textOf(found), value: found });
  });
}

/** Every setting has been checked by its own schema when it was read. */
async function searchOptions(command: Command): Promise<FindRateOptions> {
  const settings = await givenSettings(command, fields);
  requireSettings(settings, fields, required);
  const method = String(settings.adapter ?? trainSchema.shape.adapter.parse(undefined));
  const ofFlags = readAdapterFlags(command, method);
  const adapterOptions = { ...(settings.adapterOptions ?? {}), ...ofFlags };
  return { ...settings, adapterOptions } as unknown as FindRateOptions;
}

function showSearch(progress: Progress): Listener<ShownEvent<FindRateEvent>> {
  return (event) => {
    switch (event.type) {
      case 'phase':
        progress.note(`${event.phase} ...`);
        break;
      case 'progress':
        progress.status(`${event.phase}: ${formatPosition('part', event.done, event.total)}`);
        break;
      case 'rate': {
        const { step, steps, learningRate, loss } = event;
        const position = formatPosition('rate', step, steps);
        progress.status(`${position}: ${formatSmall(learningRate)}  loss ${loss.toFixed(4)}`);
        break;
      }
      default:
        event satisfies never;
    }
  };
}

function textOf({ points, startLoss, diverged, suggested }: FoundRate): string {
  const tried = `${formatPlural(points.length, 'rate')} tried${diverged ? ', then the loss was four times the least' : ''}`;
  if (suggested === undefined) {
    return `${tried}: the loss did not fall below ${startLoss.toFixed(4)}, so that they suggest none; try others with --lowest and --highest\n`;
  }
  const { steepest, minimum, tenthOfMinimum } = suggested;
  const facts = formatFacts([
    ['loss at first', startLoss.toFixed(4)],
    ['least at a rate of', formatSmall(minimum)],
    ['falls fastest at', formatSmall(steepest)],
    ['a tenth of the least', formatSmall(tenthOfMinimum)],
  ]);
  return `${tried}\n${facts}\nbegin with --learning-rate ${formatSmall(tenthOfMinimum)}\n`;
}

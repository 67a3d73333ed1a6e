/** @file A training run's events as lines for people. */
import type { Listener } from '../../../base/listener.ts';
import { smoothed } from '../../../base/numbers/smoothed.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPlural,
  formatPosition,
  formatSmall,
} from '../../../base/quantities.ts';
import type { CountedPhase, SubjectLoss, TrainEvent } from '../../../train/events.ts';
import type { SizeCount } from '../../../train/pictures/picture-sizes.ts';
import type { ShownEvent } from '../../shell/action.ts';
import type { Progress } from '../../shell/progress.ts';

type StepEvent = Extract<TrainEvent, { readonly type: 'step' }>;

/** A listener that shows a run. */
export function showTraining(progress: Progress): Listener<ShownEvent<TrainEvent>> {
  const loss = smoothed();
  const seconds = smoothed();
  return (event) => {
    switch (event.type) {
      case 'started':
        for (const line of startLines(event)) progress.note(line);
        break;
      case 'phase':
        if (event.phase !== 'training') progress.note(`${event.phase} ...`);
        break;
      case 'progress': {
        const { phase, done, total, secondsLeft } = event;
        const left = secondsLeft === undefined ? '' : `  ${formatDuration(secondsLeft)} left`;
        progress.status(`${phase}: ${formatPosition(countedNouns[phase], done, total)}${left}`);
        break;
      }
      case 'step':
        progress.status(stepLine(event, loss(event.loss), seconds(event.seconds)));
        break;
      case 'validation':
        progress.note(validationLine(event));
        break;
      case 'sample':
        progress.note(`preview at step ${event.step}: ${event.file}`);
        break;
      case 'begun':
      case 'checkpoint':
      case 'interrupted':
      case 'failed':
        break;
      case 'finished':
        progress.end();
        break;
      default:
        event satisfies never;
    }
  };
}

const countedNouns: Readonly<Record<CountedPhase, string>> = {
  'drawing pictures of the class': 'picture',
  'encoding pictures': 'picture',
  'encoding texts': 'text',
  'rounding weights': 'weight',
  'decomposing weights': 'weight',
  'taking gradients': 'batch',
};

function startLines(event: Extract<TrainEvent, { readonly type: 'started' }>): readonly string[] {
  const { images, skipped, sites, parameters, base, fromStep, steps, notes, warnings } = event;
  const pictures = `${formatPlural(images, 'picture')}${sizesText(event.sizes)}`;
  const from = fromStep === 0 ? '' : `, from step ${fromStep}`;
  return [
    ...skipped.map(({ name, reason }) => `skipped ${name}: ${reason}`),
    ...notes,
    ...warnings.map((warning) => `warning: ${warning}`),
    `${pictures}, ${formatCount(parameters)} parameters in ${formatPlural(sites, 'site')} of ${base}, ${formatPlural(steps, 'step')}${from}`,
  ];
}

/** " (2 of 64 x 64, 1 of 48 x 80)"; one square is what everybody expects. */
function sizesText(sizes: readonly SizeCount[]): string {
  if (sizes.every(({ width, height }) => width === height)) return '';
  const counts = sizes.map(({ pictures, width, height }) => `${pictures} of ${width} x ${height}`);
  return ` (${counts.join(', ')})`;
}

/** Below the base's loss is what the pictures that were trained on say of others. */
function validationLine({
  step,
  loss,
  baseLoss,
  subjects = [],
}: Extract<TrainEvent, { readonly type: 'validation' }>): string {
  const each = subjects.map((own) => `${own.subject} ${own.loss.toFixed(4)} (${toBase(own)})`);
  const apart = each.length === 0 ? '' : `: ${each.join(', ')}`;
  return `held-out pictures at step ${step}: loss ${loss.toFixed(4)}, ${toBase({ loss, baseLoss })} to the base${apart}`;
}

function toBase({ loss, baseLoss }: Pick<SubjectLoss, 'loss' | 'baseLoss'>): string {
  const difference = loss - baseLoss;
  return `${difference < 0 ? '' : '+'}${difference.toFixed(4)}`;
}

function stepLine(event: StepEvent, loss: number, seconds: number): string {
  const { step, steps, learningRate, memoryBytes } = event;
  return [
    formatPosition('step', step, steps),
    `loss ${loss.toFixed(4)}`,
    `lr ${formatSmall(learningRate)}`,
    seconds < 1 ? `${(1 / seconds).toFixed(1)} steps/s` : `${seconds.toFixed(1)} s/step`,
    `${formatDuration((steps - step) * seconds)} left`,
    formatBytes(memoryBytes),
  ].join('  ');
}

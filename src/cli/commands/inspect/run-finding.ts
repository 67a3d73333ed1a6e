/** @file Inspects a run folder: what it trains, how far it is, how it went, how to go on. */
import { join } from 'node:path';
import { smoothed } from '../../../base/numbers/smoothed.ts';
import { formatCount, formatDuration, formatPlural } from '../../../base/quantities.ts';
import { namesIn } from '../../../storage/files/folders.ts';
import { checkpointFiles } from '../../../train/folder/checkpoint.ts';
import { readEvents, type StepEvent, stepsOf } from '../../../train/folder/read-events.ts';
import { readRun, runPaths } from '../../../train/folder/run-folder.ts';
import { type RunState, runState } from '../../../train/folder/run-state.ts';
import { commandLine, generationOf } from '../../shell/command-line.ts';
import { describeOptions, type Finding } from './finding.ts';

/**
 * Inspects a run folder.
 *
 * @throws RunError, FormatError where its files are broken
 */
export async function inspectRun(folder: string): Promise<Finding> {
  const paths = runPaths(folder);
  const record = await readRun(folder);
  const { config, base } = record;
  const names = await namesIn(folder);
  const checkpoints = await checkpointFiles(paths.checkpoints);
  const steps = names.includes('events.jsonl') ? stepsOf(await readEvents(paths.events)) : [];
  const state = await runState(folder, Date.now());
  const isDone = state.state === 'finished';
  const last = steps.at(-1);
  const loss = smoothedLoss(steps);
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
  return {
    kind: 'run',
    title: `${isDone ? 'a finished run' : 'a run that has not finished'} of krona train`,
    facts: [
      ...(isDone ? [] : [['state', stateText(state)] as const]),
      ['subject', config.subject],
      ['pictures', `${record.images.length} of ${config.images}`],
      ['base', base.name],
      ...(config.init === undefined ? [] : [['goes on from', config.init] as const]),
      [
        'adapter',
        `${config.adapter} (${describeOptions(config.adapterOptions)}), ${formatCount(record.parameters)} parameters in ${formatPlural(record.sites, 'site')}`,
      ],
      [
        'settings',
        `learning rate ${config.learningRate}, batch ${config.batchSize}, seed ${config.seed}`,
      ],
      [
        'progress',
        `step ${last?.step ?? 0} of ${config.steps}, ${formatDuration(seconds)} of computing`,
      ],
      ...(last === undefined || loss === undefined
        ? []
        : [
            [
              'loss',
              `${last.loss.toFixed(4)} at the last step, ${loss.toFixed(4)} smoothed`,
            ] as const,
          ]),
      ['checkpoints', checkpoints.length === 0 ? 'none yet' : checkpoints.join(', ')],
    ],
    details: {
      state,
      finished: isDone,
      step: last?.step ?? 0,
      steps: config.steps,
      loss: last?.loss,
      smoothedLoss: loss,
      seconds,
      checkpoints: checkpoints.map((name) => join(paths.checkpoints, name)),
      adapter: isDone ? paths.adapter : undefined,
      record,
    },
    next: nextSteps(folder, state),
  };
}

function stateText(state: RunState): string {
  switch (state.state) {
    case 'finished':
      return 'finished';
    case 'running': {
      const { pid, host, startedAt } = state.owner;
      return `running (${state.phase}): process ${pid} on ${host}, since ${startedAt}`;
    }
    case 'paused':
      return `paused after step ${state.step}`;
    case 'failed':
      return `failed after step ${state.step}: ${state.message} [${state.code}]`;
    case 'ended unexpectedly': {
      const { step, checkpoint } = state;
      const from = checkpoint === undefined ? 'its start' : `the checkpoint of step ${checkpoint}`;
      return `ended unexpectedly after step ${step}; it goes on from ${from}`;
    }
    default:
      return state satisfies never;
  }
}

function nextSteps(folder: string, { state }: RunState): readonly string[] {
  if (state === 'running') return [];
  if (state !== 'finished') return [`go on with it: ${commandLine('train', '--resume', folder)}`];
  return [`make pictures: ${generationOf(folder, 'a {subject} on the beach')}`];
}

function smoothedLoss(steps: readonly StepEvent[]): number | undefined {
  const smooth = smoothed();
  return steps.map(({ loss }) => smooth(loss)).at(-1);
}

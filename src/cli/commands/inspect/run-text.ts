/** @file A run in words. */
import { basename } from 'node:path';
import { formatCount, formatDuration, formatPlural } from '../../../base/quantities.ts';
import type { RunInspection } from '../../../inspect/run-inspection.ts';
import type { RunState } from '../../../train/folder/run-state.ts';
import { commandLine, generationOf } from '../../shell/command-line.ts';
import { describeOptions, type Finding } from './finding.ts';

/** What it trains, how far it is, how it went, how to go on. */
export function runFinding(found: RunInspection): Finding {
  const { kind, path, warnings: _, ...details } = found;
  const { state, finished, step, steps, loss, smoothedLoss, seconds, checkpoints, record } =
    details;
  const { config, base } = record;
  return {
    kind,
    title: `${finished ? 'a finished run' : 'a run that has not finished'} of krona train`,
    facts: [
      ...(finished ? [] : [['state', stateText(state)] as const]),
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
      ['progress', `step ${step} of ${steps}, ${formatDuration(seconds)} of computing`],
      ...(loss === undefined || smoothedLoss === undefined
        ? []
        : [
            [
              'loss',
              `${loss.toFixed(4)} at the last step, ${smoothedLoss.toFixed(4)} smoothed`,
            ] as const,
          ]),
      ['checkpoints', checkpoints.map((each) => basename(each)).join(', ') || 'none yet'],
    ],
    details,
    next: nextSteps(path, state),
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

/** @file Models in words: a folder, a file, a part. */
import { formatBytes, formatCount } from '../../../base/quantities.ts';
import type {
  ModelFolderInspection,
  ModelPartInspection,
  PartContent,
  SchedulerFacts,
} from '../../../inspect/model-inspection.ts';
import type { ModelFileInspection } from '../../../inspect/single-file-inspection.ts';
import { families } from '../../../models/families.ts';
import { commandLine, trainingWords } from '../../shell/command-line.ts';
import type { Finding } from './finding.ts';
import { tensorFacts } from './tensors-text.ts';

/** A folder in the diffusers layout. */
export function modelFolderFinding(found: ModelFolderInspection): Finding {
  const { path, names, pipeline, family, parts, scheduler } = found;
  const built = family && `built like ${families[family].title}`;
  return {
    kind: 'model',
    title: `a model folder (${pipeline})`,
    facts: [
      ['family', built ?? 'none of the shipped ones'],
      ...parts.map((part) => [part.name, partText(part)] as const),
      ...(scheduler === undefined ? [] : [['scheduler', schedulerText(scheduler)] as const]),
      ['folders', names.join(', ')],
    ],
    details: { pipeline, family, parts, scheduler },
    next: nextSteps(path),
  };
}

/** A whole model in one file. */
export function modelFileFinding(found: ModelFileInspection): Finding {
  const { kind: _, path, warnings: _warnings, ...details } = found;
  const { parts, notes, metadata, summary } = details;
  const [kind = 'a Stable Diffusion checkpoint', ...more] = notes;
  return {
    kind: 'model',
    title: `a whole model in one file: ${kind}`,
    facts: [
      ...parts.map((part) => [part.name, partText(part)] as const),
      ...more.map((note) => ['note', note] as const),
      ...Object.entries(metadata)
        .filter(([key]) => key.startsWith('modelspec.') && key !== 'modelspec.thumbnail')
        .map(([key, value]) => [key, value.slice(0, 100)] as const),
      ...tensorFacts(summary),
    ],
    details,
    next: nextSteps(path),
  };
}

/** The folder of one part. */
export function modelPartFinding({ kind, className, part }: ModelPartInspection): Finding {
  return {
    kind,
    title: `one part of a model (${className})`,
    facts: [['weights', partText(part)]],
    details: { className, part },
    next: ['give the folder above it, with model_index.json, as --base'],
  };
}

function nextSteps(path: string): readonly string[] {
  return [
    `train on it: ${commandLine('train', '--base', path, ...trainingWords('DIR'))}`,
    `count parameters: ${commandLine('plan', '--base', path)}`,
  ];
}

function partText(part: PartContent): string {
  if ('problem' in part) return 'its weights cannot be used';
  const { parameters, bytes, dtypes } = part;
  return `${formatCount(parameters)} parameters, ${formatBytes(bytes)}, ${dtypes.join(' and ')}`;
}

function schedulerText({ className, predictionType, zeroTerminalSnr }: SchedulerFacts): string {
  return `${className}, ${predictionType}${zeroTerminalSnr ? ', zero terminal SNR' : ''}`;
}

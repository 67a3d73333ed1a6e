/** @file What people call a setting: words of the page, or those of its schema. */
import type { FormField } from '../../../src/studio/interface/form-operations.ts';
import { type PlainWordKey, type Translate, useWords } from '../../words/use-words.tsx';

export interface SettingWords {
  readonly label: string;
  readonly hint: string;
}

export function useSettingWords(field: FormField): SettingWords {
  const { t } = useWords();
  return settingWords(t, field);
}

export function settingWords(t: Translate, { key, description }: FormField): SettingWords {
  const own = ownWords[key];
  if (own !== undefined) return { label: t(own[0]), hint: t(own[1]) };
  const words = nameOf(key).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return { label: words.charAt(0).toUpperCase() + words.slice(1), hint: description };
}

/** As its schema calls it: `a1` of `adapterOptions.a1`. */
export function nameOf(key: string): string {
  return key.replace(/^.*\./, '');
}

const ownWords: Readonly<Record<string, readonly [PlainWordKey, PlainWordKey]>> = {
  subject: ['field.subject', 'field.subject-hint'],
  class: ['field.class', 'field.class-hint'],
  prompt: ['field.prompt', 'field.prompt-hint'],
  captions: ['field.captions', 'field.captions-hint'],
  repeats: ['field.repeats', 'field.repeats-hint'],
  base: ['field.base', 'field.base-hint'],
  adapter: ['field.adapter', 'field.adapter-hint'],
  targets: ['field.targets', 'field.targets-hint'],
  newToken: ['field.newToken', 'field.newToken-hint'],
  resolution: ['field.resolution', 'field.resolution-hint'],
  buckets: ['field.buckets', 'field.buckets-hint'],
  steps: ['field.steps', 'field.steps-hint'],
  batchSize: ['field.batchSize', 'field.batchSize-hint'],
  learningRate: ['field.learningRate', 'field.learningRate-hint'],
  schedule: ['field.schedule', 'field.schedule-hint'],
  warmupSteps: ['field.warmupSteps', 'field.warmupSteps-hint'],
  seed: ['field.seed', 'field.seed-hint'],
  optimizer: ['field.optimizer', 'field.optimizer-hint'],
  minSnrGamma: ['field.minSnrGamma', 'field.minSnrGamma-hint'],
  priorCount: ['field.priorCount', 'field.priorCount-hint'],
  priorWeight: ['field.priorWeight', 'field.priorWeight-hint'],
  checkpointEvery: ['field.checkpointEvery', 'field.checkpointEvery-hint'],
  sampleEvery: ['field.sampleEvery', 'field.sampleEvery-hint'],
  samplePrompt: ['field.samplePrompt', 'field.samplePrompt-hint'],
  memory: ['field.memory', 'field.memory-hint'],
  device: ['field.device', 'field.device-hint'],
  'adapterOptions.a1': ['field.option-a1', 'field.option-a1-hint'],
  'adapterOptions.a2': ['field.option-a2', 'field.option-a2-hint'],
  'adapterOptions.rank': ['field.option-rank', 'field.option-rank-hint'],
  'adapterOptions.alpha': ['field.option-alpha', 'field.option-alpha-hint'],
  'adapterOptions.dropout': ['field.option-dropout', 'field.option-dropout-hint'],
  'adapterOptions.scale': ['field.option-scale', 'field.option-scale-hint'],
};

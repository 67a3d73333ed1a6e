/** @file The program of the drawing process: keeps the networks of the last base open from one drawing to the next. */
import { loadPipeline, type Pipeline } from '../../api/load-pipeline.ts';
import type { GenerateOptions } from '../../generate/generate-options.ts';
import { openAdapter } from '../../pipeline/adapters/adapter-file.ts';
import { baseOfAdapters } from '../../pipeline/adapters/base-of-adapters.ts';
import { answerQuestions } from '../processes/answer-questions.ts';
import type { DrawAnswer, DrawQuestion } from './draw-question.ts';
import { sourceOf, UsedAdapters } from './used-adapters.ts';

let opened:
  | { readonly key: string; readonly pipeline: Pipeline; readonly adapters: UsedAdapters }
  | undefined;

answerQuestions<DrawQuestion>(async (question, { listener, signal }): Promise<DrawAnswer> => {
  const { initImage, mask, settings } = question;
  const { pipeline, adapters: known } = await openedFor(question);
  const adapters = await Promise.all(question.adapters.map((adapter) => known.use(adapter)));
  await pipeline.generate({ ...settings, initImage, mask, adapters }, { listener, signal });
  return { notes: adapters.flatMap(({ notes }) => notes) };
});

async function openedFor(question: DrawQuestion): Promise<NonNullable<typeof opened>> {
  const { device, settings } = question;
  const { prediction, ema } = settings as Pick<GenerateOptions, 'prediction' | 'ema'>;
  const base = question.base ?? (await baseOf(question.adapters)) ?? 'pocket';
  const key = JSON.stringify({ base, device, prediction, ema });
  if (opened?.key === key) return opened;
  const before = opened;
  opened = undefined;
  await before?.pipeline[Symbol.asyncDispose]();
  const pipeline = await loadPipeline({ base, device, prediction, ema });
  opened = { key, pipeline, adapters: new UsedAdapters(pipeline) };
  return opened;
}

/** The base that adapters name. */
async function baseOf(adapters: DrawQuestion['adapters']): Promise<string | undefined> {
  const named = adapters.map(async (adapter) => ({
    file: adapter.name,
    trainedOn: (await openAdapter(await sourceOf(adapter))).trainedOn,
  }));
  return baseOfAdapters(await Promise.all(named));
}

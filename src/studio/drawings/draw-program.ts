/** @file The program of the drawing process: keeps the networks of the last base open from one drawing to the next. */
import { loadPipeline, type Pipeline } from '../../api/load-pipeline.ts';
import type { GenerateOptions } from '../../generate/generate-options.ts';
import { openAdapter } from '../../pipeline/adapters/adapter-file.ts';
import { baseOfAdapters } from '../../pipeline/adapters/base-of-adapters.ts';
import { answerQuestions } from '../processes/answer-questions.ts';
import type { DrawAnswer, DrawQuestion } from './draw-question.ts';

let opened: { readonly key: string; readonly pipeline: Pipeline } | undefined;

answerQuestions<DrawQuestion>(async (question, { listener, signal }): Promise<DrawAnswer> => {
  const { initImage, mask, settings } = question;
  const pipeline = await pipelineOf(question);
  const adapters = await Promise.all(
    question.adapters.map(({ path, ...use }) => pipeline.useAdapter(path, use)),
  );
  await pipeline.generate({ ...settings, initImage, mask, adapters }, { listener, signal });
  return { notes: adapters.flatMap(({ notes }) => notes) };
});

async function pipelineOf(question: DrawQuestion): Promise<Pipeline> {
  const { device, settings } = question;
  const { prediction, ema } = settings as Pick<GenerateOptions, 'prediction' | 'ema'>;
  const base = question.base ?? (await baseOf(question.adapters)) ?? 'pocket';
  const key = JSON.stringify({ base, device, prediction, ema });
  if (opened?.key === key) return opened.pipeline;
  const before = opened;
  opened = undefined;
  await before?.pipeline[Symbol.asyncDispose]();
  opened = { key, pipeline: await loadPipeline({ base, device, prediction, ema }) };
  return opened.pipeline;
}

/** The base that adapters name. */
async function baseOf(adapters: DrawQuestion['adapters']): Promise<string | undefined> {
  const named = adapters.map(async ({ path, name }) => ({
    file: name,
    trainedOn: (await openAdapter(path)).trainedOn,
  }));
  return baseOfAdapters(await Promise.all(named));
}

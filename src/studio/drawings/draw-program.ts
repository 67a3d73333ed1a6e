/** @file The program of the drawing process: keeps the networks of the last base open from one drawing to the next. */
import { loadPipeline, type Pipeline } from '../../api/load-pipeline.ts';
import { answerQuestions } from '../processes/answer-questions.ts';
import type { DrawAnswer, DrawQuestion } from './draw-question.ts';

let opened: { readonly base: string; readonly pipeline: Pipeline } | undefined;

async function pipelineOf(base: string): Promise<Pipeline> {
  if (opened?.base === base) return opened.pipeline;
  const before = opened;
  opened = undefined;
  await before?.pipeline[Symbol.asyncDispose]();
  opened = { base, pipeline: await loadPipeline(base) };
  return opened.pipeline;
}

answerQuestions<DrawQuestion>(async (question, { listener, signal }): Promise<DrawAnswer> => {
  const { initImage, mask, settings } = question;
  const pipeline = await pipelineOf(question.base);
  const adapters = await Promise.all(
    question.adapters.map(({ path, ...use }) => pipeline.useAdapter(path, use)),
  );
  await pipeline.generate({ ...settings, initImage, mask, adapters }, { listener, signal });
  return { notes: adapters.flatMap(({ notes }) => notes) };
});

/** @file The program of the planning processes: nothing but configurations is read, nothing is written. */
import { setPriority } from 'node:os';
import { answerQuestions } from '../processes/answer-questions.ts';
import { StepEstimator } from './estimated-step.ts';
import type { PlanAnswer, PlanQuestion } from './plan-question.ts';
import { plannedTraining } from './planned-training.ts';

/** Estimates can wait for trainings and drawings. */
const lowPriority = 10;
/** A process of its own has the clock of its system. */
const estimator = new StepEstimator(() => Number(process.hrtime.bigint()) / 1e6);

answerQuestions<PlanQuestion>(async ({ ask, settings }): Promise<PlanAnswer> => {
  if (ask === 'training') return await plannedTraining(settings);
  setPriority(lowPriority);
  return await estimator.estimate(settings);
});

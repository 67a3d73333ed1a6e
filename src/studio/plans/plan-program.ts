/** @file The program of the planning processes: nothing but configurations is read, nothing is written. */
import { yieldToOthers } from '../../platform/processes.ts';
import { answerQuestions } from '../processes/answer-questions.ts';
import { StepEstimator } from './estimated-step.ts';
import type { PlanAnswer, PlanQuestion } from './plan-question.ts';
import { plannedTraining } from './planned-training.ts';

/** A process of its own has the clock of its system. */
const estimator = new StepEstimator(() => performance.now());

answerQuestions<PlanQuestion>(async ({ ask, settings }): Promise<PlanAnswer> => {
  if (ask === 'training') return await plannedTraining(settings);
  // Estimates can wait for trainings and drawings.
  yieldToOthers();
  return await estimator.estimate(settings);
});

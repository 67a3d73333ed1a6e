/** @file A helper that hears nothing once it is asked for ever. */
import { setTimeout as sleep } from 'node:timers/promises';
import { answerQuestions } from '../../src/studio/processes/answer-questions.ts';

answerQuestions<string>(async (question, { listener }) => {
  if (question !== 'for ever') return question;
  listener({ type: 'begun' });
  // Until it is told.
  await sleep(50);
  for (;;);
});

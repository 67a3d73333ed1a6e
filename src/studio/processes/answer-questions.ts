/** @file The loop of a helper process: takes questions, tells events, answers; ends when nobody is there to ask. */
import type { Listener } from '../../base/listener.ts';
import { answerStarter } from '../../platform/processes.ts';
import { failureOf } from '../work/failure-of.ts';
import type { HelperReply, HelperRequest } from './helper-protocol.ts';

interface Surroundings {
  readonly listener: Listener<{ readonly type: string }>;
  /** Aborted when the question is given up. */
  readonly signal: AbortSignal;
}

/** Answers with what `answer` returns; questions come from a `HelperProcess` alone. */
export function answerQuestions<Question>(
  answer: (question: Question, surroundings: Surroundings) => Promise<unknown>,
): void {
  let stopping = new AbortController();
  answerStarter<HelperRequest, HelperReply>((request, say) => {
    if (request.type === 'stop') return stopping.abort(new Error('stopped'));
    stopping = new AbortController();
    void answered(() =>
      answer(request.question as Question, {
        listener: (event) => say({ type: 'event', event }),
        signal: stopping.signal,
      }),
    ).then((reply) => say(reply.type === 'failed' && stopping.signal.aborted ? stopped : reply));
  });
}

const stopped: HelperReply = { type: 'stopped' };

async function answered(work: () => Promise<unknown>): Promise<HelperReply> {
  try {
    return { type: 'answer', answer: await work() };
  } catch (error) {
    return { type: 'failed', failure: failureOf(error) };
  }
}

/** @file One question to a process that was started, and what it says until it has answered or ended. */
import type { ChildProcess } from '../processes.ts';

/** Who hears it. */
export interface Hearing<Reply, Answer> {
  /** What a reply answers; undefined of one after which more will come. What it throws is the question's end too. */
  readonly hear: (reply: Reply) => { readonly answer: Answer } | undefined;
  /** The error where the process ends without an answer. */
  readonly ended: (code: number | null, by: string | null) => unknown;
  /** Called where the process ends, be it before the question. */
  readonly onEnd?: (() => void) | undefined;
}

/**
 * Asks a process that answers one question after the other.
 *
 * @throws what `hear` throws; what `ended` makes where the process has ended, also where it had before it was asked
 */
export async function askProcess<Reply, Answer>(
  child: ChildProcess,
  question: object,
  { hear, ended, onEnd }: Hearing<Reply, Answer>,
): Promise<Answer> {
  return await new Promise<Answer>((resolve, reject) => {
    const settle = () => {
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    const onMessage = (reply: Reply) => {
      try {
        const heard = hear(reply);
        if (heard === undefined) return;
        resolve(heard.answer);
      } catch (error) {
        reject(error);
      }
      settle();
    };
    const onExit = (code: number | null, by: string | null) => {
      settle();
      onEnd?.();
      reject(ended(code, by));
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
    if (child.connected) child.send(question);
    // One whose end was heard before is not heard again.
    else if (child.exitCode !== null || child.signalCode !== null) {
      onExit(child.exitCode, child.signalCode);
    }
  });
}

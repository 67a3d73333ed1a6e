/** @file The program of a process that computes constants, task by task, until nobody is there to ask. */
import { KronaError } from '../../base/errors.ts';
import { answerStarter } from '../../platform/processes.ts';
import { MatrixProducts } from '../../runtime/index.ts';
import { type ConstantsTask, computeConstants } from './compute-constants.ts';
import type { ConstantsReply } from './constants-processes.ts';

const products = new MatrixProducts();

answerStarter<ConstantsTask, ConstantsReply>((task, say) => {
  computeConstants(task, products).then(
    () => say({ type: 'done' }),
    (error: unknown) => {
      const code = error instanceof KronaError ? error.code : 'UNEXPECTED';
      say({
        type: 'failed',
        code,
        message: error instanceof Error ? error.message : String(error),
      });
    },
  );
});

/** @file Operations on forms: what they hold, and what their values would do. */
import type { FormOperations } from '../../interface/form-operations.ts';
import type { Defined } from '../operation.ts';
import { formsGet } from './forms-get.ts';
import { planTrain } from './plan-train.ts';

export const formOperations: Defined<FormOperations> = {
  'forms.get': formsGet,
  'plan.train': planTrain,
};

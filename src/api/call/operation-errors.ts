/** @file The codes that each function names in its documentation, written by `npm run derive` from there. */
import type { ErrorCode } from '../../base/derived/error-codes.ts';

export const operationErrors = {
  convert: ['BASE_UNKNOWN', 'FORMAT_UNFIT', 'OUT_EXISTS'],
  evaluate: [
    'IMAGES_MISSING',
    'NOT_A_RUN',
    'NO_ADAPTER',
    'OUT_EXISTS',
    'PICTURES_MISSING',
    'PICTURES_TOO_MANY',
    'SUBJECT_MISSING',
  ],
  extract: [
    'BUDGET_TOO_SMALL',
    'FACTOR_DOES_NOT_DIVIDE',
    'INVALID_SETTING',
    'MODELS_DIFFER',
    'NOTHING_CHANGED',
    'OUT_EXISTS',
  ],
  generate: ['NO_ADAPTER', 'NO_INIT_IMAGE', 'NO_REFINER', 'NO_SUBJECT', 'PROMPT_MISSING'],
  merge: [
    'BASE_NEEDED',
    'NOTHING_TO_COMBINE',
    'NO_SINGLE_FILE',
    'OUT_EXISTS',
    'SEVERAL_WORDS',
    'WORDS_NEED_FOLDER',
  ],
  plan: ['BUDGET_TOO_SMALL', 'BUDGET_WITHOUT_FACTORS', 'GRID_WITHOUT_FACTORS', 'MEMORY_OF_PART'],
  resume: [
    'BASE_CHANGED',
    'DATASET_CHANGED',
    'INIT_CHANGED',
    'NOT_A_RUN',
    'RUN_CHANGED',
    'RUN_IN_USE',
    'STEPS_FEWER',
    'STEPS_OTHER_RATES',
  ],
  storeFiles: ['DISK_FULL'],
  storeUrl: ['DISK_FULL', 'URL_FAILED'],
  sweep: ['SWEEP_FILE', 'SWEEP_IN_USE', 'SWEEP_STOPPED'],
  train: ['FOLDER_MISSING', 'NOT_A_FOLDER', 'NO_IMAGES', 'NO_SITES', 'RUN_EXISTS'],
  writeReport: [
    'OUT_EXISTS',
    'RESULTS_CONTRADICTION',
    'RESULTS_FILE',
    'RESULTS_TWICE',
    'SHEET_SIZE',
  ],
} as const satisfies Readonly<Record<string, readonly ErrorCode[]>>;

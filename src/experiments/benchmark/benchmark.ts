/** @file A benchmark: subjects with their real pictures, and prompts by type of subject. */
import type { PromptLists, SubjectType } from '../../metrics/prompts.ts';

export interface BenchmarkSubject {
  readonly name: string;
  /** The class word: "teapot". */
  readonly className: string;
  readonly type: SubjectType;
  /** As it is trained and prompted: "sks teapot". */
  readonly phrase: string;
  /** Files of the real pictures. */
  readonly images: readonly string[];
}

export interface Benchmark {
  /** As a sweep names it: `pocket`, `dreambench`, or a file. */
  readonly name: string;
  readonly subjects: readonly BenchmarkSubject[];
  /** Templates; `{}` stands for the subject. */
  readonly prompts: PromptLists;
}

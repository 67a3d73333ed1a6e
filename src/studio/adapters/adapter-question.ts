/** @file What the process that works on adapters is asked, and what it answers. */
import type { FormOptions } from '../../api/adapter-form.ts';
import type { ExtractForm } from '../../api/extracting.ts';
import type {
  AdapterDetail,
  ConvertSettings,
  ExtractedAdapter,
  FactorSizes,
  MadeAdapter,
  MadeFile,
} from '../interface/adapter-operations.ts';

/** Every kind of work: what it is asked with, and what comes of it. */
export interface AdapterTasks {
  readonly inspect: {
    readonly asked: { readonly path: string };
    readonly answer: Pick<AdapterDetail, 'found' | 'warnings' | 'targets'>;
  };
  readonly grid: {
    readonly asked: { readonly base: string; readonly targets?: readonly string[] | undefined };
    readonly answer: FactorSizes;
  };
  readonly convert: {
    readonly asked: {
      readonly path: string;
      readonly settings: ConvertSettings;
      /** A new folder, for one file. */
      readonly folder: string;
      /** The beginning of the file's name. */
      readonly stem: string;
    };
    readonly answer: Omit<MadeFile, 'download'>;
  };
  readonly merge: {
    readonly asked: {
      readonly adapters: readonly { readonly file: string; readonly strength: number }[];
      readonly form?: FormOptions | undefined;
      readonly out: string;
    };
    readonly answer: Omit<MadeAdapter, 'adapter'>;
  };
  readonly extract: {
    readonly asked: {
      readonly from: string;
      readonly base: string;
      readonly form?: ExtractForm | undefined;
      readonly targets?: readonly string[] | undefined;
      readonly out: string;
    };
    readonly answer: Omit<ExtractedAdapter, 'adapter'>;
  };
}

/** What is told meanwhile, of which these matter to a page. */
export type AdapterEvent =
  | { readonly type: 'comparing' | 'fitting'; readonly done: number; readonly total: number }
  | { readonly type: 'note' };

export type TaskName = keyof AdapterTasks;

export type AdapterQuestion<Task extends TaskName = TaskName> = {
  readonly [Name in Task]: { readonly task: Name } & AdapterTasks[Name]['asked'];
}[Task];

export type AdapterAnswer<Task extends TaskName = TaskName> = AdapterTasks[Task]['answer'];

/** @file Work that goes on without Studio: what it is, and the process that it is done in. */

interface Detached {
  /** Folder that it works in: what a page named of the hub is no path there; all other places are absolute. */
  readonly folder?: string | undefined;
  /** File for what it says; the last line of a failure is `error: MESSAGE [CODE]`. */
  readonly log: string;
}

export type DetachedWork =
  /** A new run, of a file of settings. */
  | (Detached & { readonly command: 'train'; readonly settings: string })
  /** On with a run, to more steps where they are given. */
  | (Detached & { readonly command: 'resume'; readonly run: string; readonly steps?: number })
  | (Detached & {
      readonly command: 'sweep';
      /** The file of the sweep, and folders for its results, its runs and its report. */
      readonly sweep: string;
      readonly store: string;
      readonly work: string;
      readonly results: string;
      readonly workers: number;
      readonly device: string;
      /** File that its events are added to, a line each. */
      readonly events: string;
    });

/** How a process ended: by itself with a code, or by a signal; neither where it could not be started. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface DetachedProcess {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  readonly ended: Promise<ProcessEnd>;
}

/** Starts work in a process of its own. */
export type StartWork = (work: DetachedWork) => Promise<DetachedProcess>;

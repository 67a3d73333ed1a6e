/** @file Interface of Studio: all that a page asks of whoever does the work, a server now. */
import type { TrainEvent } from '../../train/events.ts';
import type { AdapterInMaking, AdapterOperations } from './adapter-operations.ts';
import type { ComparisonOperations } from './comparison-operations.ts';
import type { DatasetOperations } from './dataset-operations.ts';
import type { Drawing, DrawingOperations } from './drawing-operations.ts';
import type { ExperimentOperations } from './experiment-operations.ts';
import type { FormOperations } from './form-operations.ts';
import type { JobOperations } from './job-operations.ts';
import type { BroughtFile, MachineOperations } from './machine-operations.ts';
import type { PictureId } from './operation-shapes.ts';
import type { RunOperations } from './run-operations.ts';

/** Every operation, by name. */
export interface Operations
  extends MachineOperations,
    FormOperations,
    DatasetOperations,
    RunOperations,
    JobOperations,
    DrawingOperations,
    ComparisonOperations,
    AdapterOperations,
    ExperimentOperations {}

export type OperationName = keyof Operations;
export type InputOf<Name extends OperationName> = Operations[Name]['input'];
export type OutputOf<Name extends OperationName> = Operations[Name]['output'];

/** What happened meanwhile. Whoever misses some is told to ask anew. */
export type StudioEvent =
  /** Something of this kind is other than it was: ask again. */
  | {
      readonly type: 'changed';
      readonly what:
        | 'runs'
        | 'jobs'
        | 'datasets'
        | 'gallery'
        | 'comparisons'
        /** Files to be fetched. */
        | 'downloads'
        | 'adapters'
        | 'models'
        | 'sweeps'
        | 'preferences'
        /** Memory and time of trainings, for plans and bases. */
        | 'plans';
      /** Which one, where it is one. */
      readonly id?: string;
    }
  /** Of a run that somebody works on, at most four times a second. */
  | { readonly type: 'run'; readonly run: string; readonly events: readonly TrainEvent[] }
  | { readonly type: 'drawing'; readonly drawing: Drawing }
  /** At most four times a second; null when it is made, or could not be. */
  | { readonly type: 'making'; readonly adapter: AdapterInMaking | null }
  /** Events were missed: ask for everything anew. */
  | { readonly type: 'reset' };

/** What a frame shows that has no origin: what is at an address, or a document. */
export type FrameContent = { readonly src: string } | { readonly srcDoc: string };

/** Who does the work. */
export interface Studio {
  /** @throws an error with `code` and `message` where the operation is refused or fails */
  ask<Name extends OperationName>(
    name: Name,
    input: InputOf<Name>,
    signal?: AbortSignal,
  ): Promise<OutputOf<Name>>;
  /** Adds a picture to a data set; a name that is taken gets a number. */
  addPicture(dataset: string, file: File, signal?: AbortSignal): Promise<{ readonly name: string }>;
  /** A picture to begin a drawing with, to paint a mask, or whose settings are looked for. */
  upload(file: Blob, name: string): Promise<PictureId>;
  /** An adapter or a whole model, which is looked into, and kept as what it is. */
  bring(file: File): Promise<BroughtFile>;
  /** Address of a picture, whole or no wider than some pixels. */
  pictureAddress(picture: PictureId, width?: number): string;
  /** Address of a file that was made. */
  downloadAddress(download: string): string;
  reportAddress(sweep: string): string;
  /** A report for a frame of the page. @param version another one for another content */
  framedReport(sweep: string, version: number, signal?: AbortSignal): Promise<FrameContent>;
  /**
   * Tells what happens until the signal aborts; comes back by itself where the connection breaks.
   *
   * @param onConnection hears whenever it was made or lost
   */
  listen(
    listener: (event: StudioEvent) => void,
    signal: AbortSignal,
    onConnection?: (isConnected: boolean) => void,
  ): void;
}

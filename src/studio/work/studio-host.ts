/** @file What Studio needs of its surroundings. */
import type { Settings } from '../interface/operation-shapes.ts';
import type { StartWork } from '../processes/detached-work.ts';

/** Command lines as people type them; the library names settings, only the command knows flags. */
export interface StudioCommands {
  /** Goes on with the run of a folder. */
  readonly resume: (run: string) => string;
  /** Trains with these settings, files and folders by their paths. */
  readonly train: (settings: Settings) => string;
  /** What the command calls a setting: `--learning-rate` of `learningRate`. */
  readonly flagOf: (key: string) => string;
}

export interface StudioHost {
  /** Milliseconds since 1970 began. */
  readonly now: () => number;
  /** Told of what went wrong unexpectedly. */
  readonly log: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Starts what goes on without Studio: trainings and sweeps. */
  readonly startWork: StartWork;
  /** Whether a training whose process breaks goes on in a new one, as long as it gets further each time. @default false */
  readonly goesOnByItself?: boolean | undefined;
  /** Undefined where nobody can type them. */
  readonly commands?: StudioCommands | undefined;
  /** Which files of published models are offered, such as `fp16`. @default those that they are usually loaded from */
  readonly variant?: string | undefined;
  /** Folders of models that a page may choose from, besides that of the work folder. */
  readonly models?: readonly string[] | undefined;
  /** Whose trainings share the devices with this one's. @default everybody's on the machine */
  readonly lanes?: string | undefined;
}

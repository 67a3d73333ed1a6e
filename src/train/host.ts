/** @file What a run needs of its surroundings. */
import type { Listener } from '../base/listener.ts';
import type { Networks } from '../pipeline/network/lending.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import type { TrainEvent } from './events.ts';

export interface TrainHost {
  readonly listener?: Listener<TrainEvent>;
  /** Aborted: finish the step, write a checkpoint, stop. */
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970 began, as `Date.now()` gives them. */
  readonly now: () => number;
  /** Ends the process, for whoever asks the run to stop at once. @default the run stops after its step */
  readonly endNow?: (() => void) | undefined;
  /** Shows and stops the download of a base model. */
  readonly hub?: HubHost;
  /** Lends the compiled step to several runs. @default it is opened for this one, and closed */
  readonly networks?: Networks | undefined;
  /** Folder of encoded pictures and prompts, which runs with the same ones share. @default each encodes its own */
  readonly encodedFolder?: string | undefined;
  /** Copies the pictures into the run's folder, where theirs does not last. @default they stay where they are */
  readonly keepImages?: boolean | undefined;
}

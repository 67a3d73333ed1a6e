/** @file What other processes may ask of a run while it goes on; it listens where its owner.json says. */
import * as z from 'zod';
import { ConfigError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { fillSubject } from '../../base/subject-template.ts';
import { askOwner } from './owner.ts';

const commandSchema = z.discriminatedUnion('command', [
  /** Finish the step, write a checkpoint, end. */
  z.strictObject({ command: z.literal('stop') }),
  /** End at once; what the last checkpoint does not have is lost. */
  z.strictObject({ command: z.literal('stop now') }),
  /** Write a checkpoint after the step. */
  z.strictObject({ command: z.literal('checkpoint') }),
  /** Draw a preview of this prompt after the step. */
  z.strictObject({ command: z.literal('sample'), prompt: z.string().min(1).max(10_000) }),
]);

export type RunCommand = z.output<typeof commandSchema>;

/**
 * Asks a run that is going on for something; resolves once it has taken the command, and its events say when it is done.
 *
 * @throws RunError RUN_NOT_RUNNING where nobody works on it on this machine
 * @throws RunError with the run's own code where it refuses, such as an unknown word in braces in a prompt
 * @throws SystemError CONTROL_SILENT where it does not answer in time
 */
export async function tellRun(folder: string, command: RunCommand): Promise<void> {
  await askOwner(folder, command);
}

export interface OrdersOptions {
  /** What `{subject}` stands for. */
  readonly phrase: string;
  /** Ends the process at once. @default `stop now` is `stop` */
  readonly endNow?: (() => void) | undefined;
}

/** Commands that were taken and not carried out yet. */
export class Orders {
  readonly #options: OrdersOptions;
  readonly #stopping = new AbortController();
  readonly #prompts: string[] = [];
  #wantsCheckpoint = false;
  /** What is done before the process ends at once. */
  beforeEnd: () => Promise<void> = async () => {};

  constructor(options: OrdersOptions) {
    this.#options = options;
  }

  /** Aborted once the run shall stop. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /**
   * Takes a command.
   *
   * @throws ConfigError UNKNOWN_COMMAND, or what a prompt with an unknown word in braces gives
   */
  async take(request: unknown): Promise<{ readonly taken: true }> {
    const parsed = commandSchema.safeParse(request);
    if (!parsed.success)
      throw new ConfigError(
        'UNKNOWN_COMMAND',
        schemaProblems(commandSchema, request, parsed.error),
      );
    const command = parsed.data;
    switch (command.command) {
      case 'stop':
        this.#stopping.abort();
        break;
      case 'stop now':
        this.#stopNow();
        break;
      case 'checkpoint':
        this.#wantsCheckpoint = true;
        break;
      case 'sample':
        this.#prompts.push(fillSubject(command.prompt, this.#options.phrase, 'prompt'));
        break;
      default:
        command satisfies never;
    }
    return { taken: true };
  }

  /** Whether a checkpoint was asked for since the last call. */
  checkpointAsked(): boolean {
    const asked = this.#wantsCheckpoint;
    this.#wantsCheckpoint = false;
    return asked;
  }

  /** The prompts that were asked for since the last call. */
  promptsAsked(): readonly string[] {
    return this.#prompts.splice(0);
  }

  #stopNow(): void {
    const { endNow } = this.#options;
    this.#stopping.abort();
    if (endNow === undefined) return;
    // After the answer is on its way.
    setTimeout(() => void this.beforeEnd().finally(endNow), 0);
  }
}

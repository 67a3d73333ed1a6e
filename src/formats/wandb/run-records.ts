/** @file What W&B keeps of a run: messages Record of wandb_internal.proto, one a record of its log. */
import { MessageWriter } from '../protobuf.ts';

/** Values by name, which JSON can hold. */
export type NamedValues = Readonly<Record<string, unknown>>;

/** The first record of a log. */
export interface LogHeader {
  /** Who writes it, with the version. */
  readonly producer: string;
}

export interface RunDescription {
  readonly id: string;
  readonly name: string;
  readonly config: NamedValues;
  /** Milliseconds since 1970 began. */
  readonly start: number;
}

export interface RunEnd {
  /** 0 where it is complete. */
  readonly exitCode: number;
  /** Whole seconds. */
  readonly runtime: number;
}

/** Makes records one after the other, each with the number that follows. */
export class RecordWriter {
  #number = 0;

  header({ producer }: LogHeader): Uint8Array {
    return this.#record(fields.header, (message) =>
      message.message(1, () => {
        message.text(1, producer);
        message.text(2, oldestReader);
      }),
    );
  }

  run({ id, name, config, start }: RunDescription): Uint8Array {
    return this.#record(fields.run, (message) => {
      message.text(1, id);
      message.message(4, () => writeItems(message, config));
      message.text(8, name);
      message.message(17, () => {
        message.integer(1, Math.floor(start / 1000));
        message.integer(2, (start % 1000) * 1e6);
      });
    });
  }

  /** One row of the history. */
  history(step: number, values: NamedValues): Uint8Array {
    return this.#record(fields.history, (message) => {
      writeItems(message, { ...values, _step: step });
      message.message(2, () => message.integer(1, step));
    });
  }

  /** Values that take the place of those of the same names. */
  summary(values: NamedValues): Uint8Array {
    return this.#record(fields.summary, (message) => writeItems(message, values));
  }

  /** Files to upload, below the folder `files` beside the log. */
  files(paths: readonly string[]): Uint8Array {
    return this.#record(fields.files, (message) => {
      for (const path of paths) message.message(1, () => message.text(1, path));
    });
  }

  exit({ exitCode, runtime }: RunEnd): Uint8Array {
    return this.#record(fields.exit, (message) => {
      message.integer(1, exitCode);
      message.integer(2, runtime);
    });
  }

  #record(field: number, write: (message: MessageWriter) => void): Uint8Array {
    this.#number += 1;
    const message = new MessageWriter();
    message.integer(1, this.#number);
    message.message(field, () => write(message));
    return message.finish();
  }
}

/** Of the messages in a Record. */
const fields = { history: 2, summary: 3, files: 6, run: 17, exit: 18, header: 21 } as const;
/** The version that the client asks of whoever reads its logs. */
const oldestReader = '0.70.0';

/** Of an item. */
const parts = { key: 1, json: 16 } as const;

function writeItems(message: MessageWriter, values: NamedValues): void {
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    message.message(1, () => {
      message.text(parts.key, key);
      message.text(parts.json, JSON.stringify(value));
    });
  }
}

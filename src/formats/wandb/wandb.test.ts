import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../../test/fixtures.ts';
import { readRecords, readRun } from '../../../test/train/wandb-reader.ts';
import { encodeRecords } from './record-log.ts';
import { RecordWriter } from './run-records.ts';

/** A file of the client. */
const client = readFileSync(fixturePath('wandb/offline.wandb'));
const config = {
  ...{ steps: 3, learningRate: 0.001, prompts: ['a dog', null] },
  long: 'é'.repeat(17000),
};

describe('the log of records', () => {
  test('has the bytes of the client, in one go and record by record', () => {
    const records = readRecords(client);
    expect(records.length).toBeGreaterThan(10);
    expect(client.equals(encodeRecords(records, 0))).toBe(true);
    let bytes = Buffer.alloc(0);
    for (const record of records) {
      bytes = Buffer.concat([bytes, encodeRecords([record], bytes.length)]);
    }
    expect(client.equals(bytes)).toBe(true);
  });

  test('goes on over the ends of blocks', () => {
    const size = 32768;
    // With 7 bytes before the first block's records and 7 before each piece: what leaves 8, 7, 6, 1 and 0 bytes of the block.
    for (const left of [8, 7, 6, 1, 0]) {
      const records = [size - 14 - left, 0, 2 * size, 5].map((length) => Buffer.alloc(length, 1));
      const read = readRecords(Buffer.from(encodeRecords(records, 0)));
      expect(read.map(({ length }) => length)).toEqual(records.map(({ length }) => length));
    }
  });
});

describe('records of a run', () => {
  test('say what those of the client say of the same run', () => {
    const theirs = readRun(client);
    const { _wandb, ...read } = theirs.run.config;
    expect(read).toEqual(config);
    expect(theirs.history[0]).toMatchObject({
      previews: { _type: 'images/separated', captions: ['a dog', 'a cat'] },
    });
    const start = Math.floor(theirs.run.start);

    const writer = new RecordWriter();
    const own = [writer.header({ producer: 'krona 1' })];
    own.push(writer.run({ id: 'abcd1234', name: 'dog', config, start }));
    own.push(writer.files(theirs.files.slice(1))); // the first is of Python
    for (const { _step, ...values } of theirs.history) {
      own.push(writer.summary({ ...values, _step }), writer.history(Number(_step), values));
    }
    own.push(writer.exit({ exitCode: 0, runtime: theirs.exit?.runtime ?? -1 }));
    const ours = readRun(Buffer.from(encodeRecords(own, 0)));
    expect(ours).toEqual({
      ...theirs,
      run: { ...theirs.run, config, start },
      files: theirs.files.slice(1),
      summary: { ...theirs.summary, _wandb: undefined },
    });
  });
});

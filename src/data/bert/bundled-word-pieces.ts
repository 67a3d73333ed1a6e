/** @file The word pieces of the uncased BERT as the package brings them, for Q-formers that come without. */

import { decodeText } from '../../formats/text.ts';
import { gunzipped } from '../../platform/compression.ts';
import { packageFile } from '../../platform/paths.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { type BertTokenizer, bertTokenizer } from './bert-tokenizer.ts';

/** A tokenizer never changes, so one serves the whole process. */
let opened: Promise<BertTokenizer> | undefined;

/** The tokenizer of 30,522 word pieces. */
export async function bundledBertTokenizer(): Promise<BertTokenizer> {
  opened ??= open();
  return await opened;
}

async function open(): Promise<BertTokenizer> {
  const path = packageFile('models/bert-tokenizer/vocab.txt.gz');
  return bertTokenizer(decodeText(await gunzipped(await readBytes(path)), path), path);
}

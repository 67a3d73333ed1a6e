/** @file CLIP's full tokenizer as the package brings it, for checkpoints that come without one. */
import { decodeText } from '../formats/text.ts';
import { gunzipped } from '../platform/compression.ts';
import { packageFile } from '../platform/paths.ts';
import { readBytes } from '../storage/files/binary-file.ts';
import { type ClipTokenizer, tokenizerFromMerges } from './tokenizer.ts';

/**
 * OpenAI CLIP's tokenizer of 49,408 tokens.
 *
 * @param pad fills texts up to their length: the end token, but "!" for the encoders of Stable Diffusion 2.x
 */
export async function bundledTokenizer(pad?: string): Promise<ClipTokenizer> {
  const key = pad ?? '';
  const open = opened.get(key) ?? openBundled(pad);
  opened.set(key, open);
  return await open;
}

/** A tokenizer never changes, so one of each padding serves the whole process: it takes a tenth of a second to make. */
const opened = new Map<string, Promise<ClipTokenizer>>();

async function openBundled(pad: string | undefined): Promise<ClipTokenizer> {
  const { text, path } = await bundledMerges();
  return tokenizerFromMerges(text, path, pad === undefined ? {} : { pad });
}

/** The merges.txt it follows from. */
export async function bundledMerges(): Promise<{ readonly text: string; readonly path: string }> {
  const path = packageFile('models/clip-tokenizer/merges.txt.gz');
  return { text: decodeText(await gunzipped(await readBytes(path)), path), path };
}

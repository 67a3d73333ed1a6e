/** @file Command lines to type, in which a path stays one word whatever is in it. */
import { join } from '../../platform/paths.ts';

/** Letters of any script, and the marks that shells, POSIX ones and those of Windows, leave alone within a word. */
const plainWord = /^[\p{L}\p{M}\p{N}_@%+=:,./-]+$/u;

/** What means something within double quotes. */
const activeInDoubleQuotes = /["$`\\!]/;

/**
 * A command line to copy into a shell: `krona train --resume "my runs/dog"`.
 *
 * @param words the command, its flags and their values, one each; quoted where a shell would take them apart
 */
export function commandLine(...words: readonly string[]): string {
  return ['krona', ...words].map(quotedWord).join(' ');
}

/** The command that draws the subject of a run, into a folder of the run. */
export function generationOf(run: string, prompt: string): string {
  return commandLine('generate', '--run', run, '--prompt', prompt, '--out', join(run, 'pictures'));
}

/** What a training needs beside its base, with examples for what only its user knows. */
export function trainingWords(images: string): readonly string[] {
  return ['--images', images, '--subject', 'sks dog', '--out', 'RUN'];
}

/** A word as a shell takes it: double quotes where they do, since every shell knows them; else single ones, as POSIX has them. */
export function quotedWord(word: string): string {
  if (plainWord.test(word)) return word;
  if (!activeInDoubleQuotes.test(word)) return `"${word}"`;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

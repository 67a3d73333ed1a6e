/** @file The protocol of DreamBench on the subjects and prompts that are bundled with the pocket model. */
import { pocketPrompts, pocketSubjects } from '../../data/pocket.ts';
import type { Benchmark } from './benchmark.ts';
import { phraseOf } from './protocol.ts';

/** The 40 held-out subjects with their 25 + 25 prompts. */
export async function openPocketBench(): Promise<Benchmark> {
  const subjects = (await pocketSubjects()).map(({ name, className, type, images }) => {
    return { name, className, type, phrase: phraseOf(className), images };
  });
  return { name: 'pocket', subjects, prompts: await pocketPrompts() };
}

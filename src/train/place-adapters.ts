/** @file The adapters of a run: the method on its targets, and where one is asked for a new word for the subject. */

import { configureAdapter, type PlacedAdapter, placeAdapter } from '../adapters/index.ts';
import { ConfigError } from '../base/errors.ts';
import { hasSubjectPlace } from '../base/subject-template.ts';
import { chooseSites, type Site } from '../nn/index.ts';
import type { BaseModel } from '../pipeline/base-model.ts';
import { baseSites } from '../pipeline/site-weights.ts';
import { textPartName } from '../pipeline/text-network.ts';
import type { Subject, TrainConfig } from './config.ts';

/** The method that trains nothing but new words. */
const wordMethod = 'textual-inversion';

/**
 * Places the adapters of a configuration.
 *
 * @param initial those of the adapter that the run goes on from, which stay as they are
 * @throws ConfigError or AdapterError where something cannot work with this base
 */
export function placeAdapters(
  config: TrainConfig,
  base: BaseModel,
  { phrase, className }: Subject,
  initial?: readonly PlacedAdapter[],
): readonly PlacedAdapter[] {
  const sites = baseSites(base);
  const [word = phrase] = phrase.split(' ');
  const start = config.initialWord ?? className;
  const newWord = () =>
    configureAdapter(wordMethod, {
      ...(config.adapter === wordMethod ? config.adapterOptions : {}),
      token: word,
      vectors: config.tokenVectors,
      initialIds: initialIds(base, sites, start),
    });
  if (initial === undefined && config.newToken) requireWordInPrompt(config, word);
  if (initial !== undefined) {
    const hasWord = initial.some(({ adapter }) => adapter.newToken !== undefined);
    const isAsked = config.newToken && !hasWord;
    return isAsked ? [...initial, placeOn(sites, newWord(), ['token_embedding'])] : initial;
  }
  if (config.adapter === wordMethod) return [placeOn(sites, newWord(), config.targets)];
  const adapter = configureAdapter(config.adapter, config.adapterOptions);
  const main = placeOn(sites, adapter, config.targets);
  return config.newToken ? [main, placeOn(sites, newWord(), ['token_embedding'])] : [main];
}

/** A word that no prompt contains would not be trained. */
function requireWordInPrompt({ prompt, captions }: TrainConfig, word: string): void {
  if (captions || hasSubjectPlace(prompt) || prompt.includes(word)) return;
  throw new ConfigError(
    'WORD_NOT_IN_PROMPT',
    `prompt: "${prompt}" does not contain the new word "${word}", which would not be trained; write {subject} where the subject stands, such as "a photo of {subject}"`,
  );
}

function placeOn(
  sites: readonly Site[],
  adapter: PlacedAdapter['adapter'],
  targets: readonly string[],
): PlacedAdapter {
  return placeAdapter(adapter, chooseSites(sites, targets, adapter.kinds));
}

/** The rows of a word in the token table of every text encoder. */
function initialIds(
  { textEncoders }: BaseModel,
  sites: readonly Site[],
  word: string,
): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    textEncoders.flatMap(({ tokenizer }, i) => {
      const site = sites.find(
        ({ name, kind }) => kind === 'table' && name.startsWith(`${textPartName(i)}.`),
      );
      const ids = tokenizer.encode(word).slice(1, -1);
      if (ids.length === 0) {
        throw new ConfigError(
          'INITIAL_WORD',
          `initialWord: "${word}" has no tokens; give a word that says what the subject is`,
        );
      }
      return site === undefined ? [] : [[site.name, ids] as const];
    }),
  );
}

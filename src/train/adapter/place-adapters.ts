/** @file The adapters of a run: the method on its targets, and where one is asked for a new word for the subject. */
import {
  type Adapter,
  configureAdapter,
  type PlacedAdapter,
  placeAdapter,
  requireTrainable,
  trainableAdapter,
} from '../../adapters/index.ts';
import { ConfigError } from '../../base/errors.ts';
import { hasSubjectPlace } from '../../base/subject-template.ts';
import type { Site } from '../../nn/index.ts';
import { chooseTrainable, type TargetSites } from '../../pipeline/adapters/idle-sites.ts';
import { type BaseModel, textLength } from '../../pipeline/base/base-model.ts';
import { requireSeeing } from '../../pipeline/subject/context-vectors.ts';
import { contextOptions } from '../../pipeline/subject/subject-word.ts';
import { textPartName } from '../../pipeline/text/text-network.ts';
import { settingPlace } from '../settings/concept-settings.ts';
import type { PlannedConcept } from '../settings/planned-concepts.ts';
import type { TrainConfig } from '../train-options.ts';

/** The method that trains nothing but new words. */
const wordMethod = 'textual-inversion';

/** Adapters on their sites, and how many sites of the targets were left out because they are idle. */
export interface Placement {
  readonly placed: readonly PlacedAdapter[];
  readonly leftOut: number;
}

/**
 * Places the adapters of a configuration.
 *
 * @param from the sites of the base
 * @param initial those of the adapter that the run goes on from, which stay as they are
 * @throws ConfigError or AdapterError where something cannot work with this base
 */
export function placeAdapters(
  config: TrainConfig,
  base: BaseModel,
  concepts: readonly PlannedConcept[],
  { from, initial }: { readonly from: TargetSites; readonly initial?: readonly PlacedAdapter[] },
): Placement {
  const wordOf = (concept: PlannedConcept, i: number) => ({
    token: concept.word,
    vectors: concept.tokenVectors,
    initialIds: initialIds(base, from.all, {
      word: concept.initialWord ?? concept.className,
      where: settingPlace(i),
    }),
    ...(config.wordFrom === 'pictures' ? seenWordOptions(concept, base) : {}),
  });
  const newWords = () => {
    const [first, ...furtherWords] = concepts.map(wordOf);
    return configureAdapter(wordMethod, {
      ...(config.adapter === wordMethod ? config.adapterOptions : {}),
      ...first,
      ...(furtherWords.length > 0 && { furtherWords }),
    });
  };
  const placeWords = () => placeOn(from, newWords(), ['token_embedding']);
  requireWordToStart(config);
  if (initial === undefined && config.newToken) {
    for (const [i, concept] of concepts.entries()) {
      requireWordInPrompt(concept, i);
      requireVectorsInPrompt(concept, base, i);
    }
  }
  for (const { adapter } of initial ?? []) {
    requireTrainable(adapter.method, 'init');
    requireEffect(adapter, 'init');
  }
  if (initial !== undefined) {
    const hasWord = initial.some(({ adapter }) => adapter.newTokens.length > 0);
    const isAsked = config.newToken && !hasWord;
    if (hasWord) requireWordsOf(initial, concepts);
    return joined([{ placed: initial, leftOut: 0 }, ...(isAsked ? [placeWords()] : [])]);
  }
  if (config.adapter === wordMethod) return placeOn(from, newWords(), config.targets);
  const adapter = trainableAdapter(config.adapter, config.adapterOptions);
  requireEffect(adapter, 'adapterOptions');
  const main = placeOn(from, adapter, config.targets);
  return joined([main, ...(config.newToken ? [placeWords()] : [])]);
}

/** What a word starts as says nothing where there is none. */
function requireWordToStart({ adapter, newToken, wordFrom }: TrainConfig): void {
  if (wordFrom === 'word' || newToken || adapter === wordMethod) return;
  throw new ConfigError(
    'WORD_FROM_PICTURES',
    'wordFrom: "pictures" is what a new word starts as, and none is trained; add `newToken`, or leave `wordFrom` out',
  );
}

/** An adapter that brings words gets no others: each is trained on with those it has. */
function requireWordsOf(
  initial: readonly PlacedAdapter[],
  concepts: readonly PlannedConcept[],
): void {
  const known = initial.flatMap(({ adapter }) => adapter.newTokens.map(({ token }) => token));
  const lacking = concepts.findIndex(({ word }) => !known.includes(word));
  if (lacking === -1 || concepts.length === 1) return;
  throw new ConfigError(
    'INIT_WORD',
    `${settingPlace(lacking)}subject: the adapter that the run goes on from has learned ${known.join(', ')}, not "${concepts[lacking]?.word}", and gets no further word; train this subject apart and merge both, or begin without init`,
  );
}

/** A word that no prompt contains would not be trained. */
function requireWordInPrompt({ prompt, captions, word }: PlannedConcept, index: number): void {
  if (captions || hasSubjectPlace(prompt) || prompt.includes(word)) return;
  throw new ConfigError(
    'WORD_NOT_IN_PROMPT',
    `${settingPlace(index)}prompt: "${prompt}" does not contain the new word "${word}", which would not be trained; write {subject} where the subject stands, such as "a photo of {subject}"`,
  );
}

/**
 * A word that starts as what the base sees has its vectors, and stands where they stand.
 *
 * @throws ModelError NO_QFORMER; ConfigError WORD_FROM_PICTURES where something else is asked of its start
 */
function seenWordOptions({ initialWord, tokenVectors }: PlannedConcept, base: BaseModel) {
  const options = contextOptions(requireSeeing(base).subjectEncoder);
  const { vectors } = options;
  const refuse = (problem: string) =>
    new ConfigError(
      'WORD_FROM_PICTURES',
      `${problem}; leave it out, or say \`wordFrom: word\` to start from a word`,
    );
  if (initialWord !== undefined) {
    throw refuse(`initialWord: "${initialWord}", but the new word starts from the pictures`);
  }
  if (tokenVectors !== 1 && tokenVectors !== vectors) {
    throw refuse(`tokenVectors: ${tokenVectors}, but ${base.name} sees a subject as ${vectors}`);
  }
  return options;
}

/** The word's vectors stand between the tokens of start and end. */
function requireVectorsInPrompt(
  { tokenVectors, word }: PlannedConcept,
  base: BaseModel,
  index: number,
): void {
  const most = textLength(base) - 2;
  if (tokenVectors <= most) return;
  throw new ConfigError(
    'TOKEN_VECTORS',
    `${settingPlace(index)}tokenVectors: ${base.name} sees ${most} tokens of a prompt, got ${tokenVectors} for the new word "${word}" alone; a few, such as 4, are usual`,
  );
}

/** What is multiplied by 0 changes nothing, and has no gradient. */
function requireEffect({ method, options }: Adapter, setting: string): void {
  if (options.scale !== 0) return;
  throw new ConfigError(
    'ADAPTER_OPTIONS',
    `${setting}: scale is 0, at which ${method} can change nothing; 1 is usual`,
  );
}

function placeOn(
  from: TargetSites,
  adapter: PlacedAdapter['adapter'],
  targets: readonly string[],
): Placement {
  const { sites, leftOut } = chooseTrainable(from, targets, adapter.kinds);
  return { placed: [placeAdapter(adapter, sites)], leftOut };
}

function joined(placements: readonly Placement[]): Placement {
  return {
    placed: placements.flatMap(({ placed }) => placed),
    leftOut: placements.reduce((sum, { leftOut }) => sum + leftOut, 0),
  };
}

/** The rows of a word in the token table of every text encoder. */
function initialIds(
  { textEncoders }: BaseModel,
  sites: readonly Site[],
  { word, where }: { readonly word: string; readonly where: string },
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
          `${where}initialWord: "${word}" has no tokens; give a word that says what the subject is`,
        );
      }
      return site === undefined ? [] : [[site.name, ids] as const];
    }),
  );
}

/** @file The subjects of a run, in words and settings, checked against each other. */
import { ConfigError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import { requireKnownPlaces } from '../../base/subject-template.ts';
import { parseSubject, type Subject } from '../subject-phrase.ts';
import type { TrainConfig } from '../train-options.ts';
import { type ConceptSettings, conceptsOf, settingPlace } from './concept-settings.ts';

/** A subject of a run. */
export interface PlannedConcept extends ConceptSettings, Subject {
  /** The rare word. */
  readonly word: string;
}

/**
 * The subjects of a configuration, the run's own first.
 *
 * @throws ConfigError SUBJECT_WITHOUT_CLASS, UNKNOWN_PLACEHOLDER, or CONCEPTS_ALIKE where two have the same rare word
 */
export function plannedConcepts(config: TrainConfig): readonly PlannedConcept[] {
  const concepts = conceptsOf(config).map((each, i) => {
    const subject = parseSubject(each.subject, each.class, settingPlace(i));
    requireKnownPlaces(each.prompt, `${settingPlace(i)}prompt`);
    const [word = subject.phrase] = subject.phrase.split(' ');
    return { ...each, ...subject, word };
  });
  const firstOf = (word: string) => concepts.findIndex((each) => each.word === word);
  const alike = concepts.findIndex(({ word }, i) => firstOf(word) < i);
  if (alike === -1) return concepts;
  const { word, phrase } = required(concepts, alike);
  throw new ConfigError(
    'CONCEPTS_ALIKE',
    `${settingPlace(alike)}subject: expected a rare word of its own, got "${phrase}" beside "${concepts[firstOf(word)]?.phrase}"; the model learns subjects apart by their words, such as <cat> and <dog> with newToken`,
  );
}

/** @file The texts of a run: that of a picture, and what the graph of a training step has to know of all of them. */
import { required } from '../../base/required.ts';
import type { TokenizedText } from '../../pipeline/text/tokenized-prompt.ts';
import type { Concept, Dataset, EncodedPicture, Text } from '../pictures/dataset.ts';

export interface TextForm {
  /** Of each text, all of equally many. */
  readonly chunks: number;
  /** Whether words have weights, where texts are tokens. */
  readonly isWeighted: boolean;
}

/** The form of texts that are filled up to the longest. */
export function formOf(texts: readonly TokenizedText[]): TextForm {
  return {
    chunks: Math.max(1, ...texts.map(({ chunks = 1 }) => chunks)),
    isWeighted: texts.some(({ weights }) => weights !== undefined),
  };
}

/**
 * The form of the texts of an encoded dataset.
 *
 * @param length tokens of one chunk
 */
export function formOfDataset({ subject, prior }: Dataset, length: number): TextForm {
  const texts = [...subject.texts, ...(prior?.texts ?? [])];
  const chunks = texts.map((text) =>
    'ids' in text ? (text.chunks ?? 1) : Math.ceil(required(text.states.shape, 1) / length),
  );
  return {
    chunks: Math.max(1, ...chunks),
    isWeighted: texts.some((text) => 'ids' in text && text.weights !== undefined),
  };
}

export function sameForm(a: TextForm, b: TextForm): boolean {
  return a.chunks === b.chunks && a.isWeighted === b.isWeighted;
}

/** The first text of a picture of a concept. */
export function textOf(concept: Concept, { text }: EncodedPicture): Text {
  return required(concept.texts, text);
}

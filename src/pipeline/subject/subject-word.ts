/** @file A subject's context vectors as a new word: rows behind the token table that stand at one place in a prompt. */
import { configureAdapter, parameterName, placeAdapter } from '../../adapters/index.ts';
import { invariant } from '../../base/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { TrainedAdapter } from '../adapters/trained-adapter.ts';
import type { SubjectPart } from '../base/base-model.ts';
import { textSites } from '../text/text-network.ts';
import type { SeeingModel } from './context-vectors.ts';

/** Context vectors are trained and kept as what this method learns. */
const method = 'textual-inversion';

/** Options of the word that context vectors of a model are. */
export function contextOptions({ config, position }: SubjectPart): {
  readonly vectors: number;
  readonly position: number;
} {
  return { vectors: config.queries, position };
}

/**
 * The word as an adapter.
 *
 * @param context of contextVectors(): [queries, size]
 */
export function subjectWord(
  base: SeeingModel,
  token: string,
  context: Tensor<'f32'>,
): Pick<TrainedAdapter, 'placed' | 'tensors'> {
  const adapter = configureAdapter(method, { token, ...contextOptions(base.subjectEncoder) });
  const table = textSites(base).find(({ kind }) => kind === 'table');
  invariant(table !== undefined, 'a text encoder has a token table');
  return {
    placed: [placeAdapter(adapter, [table])],
    tensors: new Map([[parameterName(table, 'vectors'), context]]),
  };
}

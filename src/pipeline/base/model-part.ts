/** @file A part of a base model: what it is and where its weights lie. */
import type { ClipTokenizer } from '../../data/tokenizer.ts';
import type { ClipTextConfig } from '../../models/clip/clip-config.ts';
import type { ModelWeights } from '../../models/weights.ts';

/** A configuration and the weights that were found to fit it. */
export interface ModelPart<Config> {
  readonly config: Config;
  readonly weights: ModelWeights;
}

/** A text encoder and the tokenizer that was trained with it. */
export interface TextPart extends ModelPart<ClipTextConfig> {
  readonly tokenizer: ClipTokenizer;
}

/** @file What merged weights say of themselves: ModelSpec 1.0.1, and what was merged, for krona inspect. */
import type { AdapterTraining } from '../adapters/index.ts';
import { architectureOf, promptOfTraining } from '../exchange/tools/kohya-metadata.ts';
import type { CheckpointKindName } from '../models/single-file/kinds.ts';
import type { TrainedAdapter } from '../pipeline/adapters/trained-adapter.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { basename, extname } from '../platform/paths.ts';

/** An adapter to merge. */
export interface MergedAdapter extends TrainedAdapter {
  /** The file it is from, for the record. */
  readonly file: string;
  /** What the file says of its training. */
  readonly training?: AdapterTraining | undefined;
}

type Metadata = Readonly<Record<string, string>>;

/** Of every file of weights. */
export function mergedMetadata(base: BaseModel, adapters: readonly MergedAdapter[]): Metadata {
  const names = [base.name, ...adapters.map(({ file }) => file)].map(titleOf);
  const merged = {
    base: base.name,
    adapters: adapters.map(({ file, strength = 1, strengths = {}, placed }) => ({
      file: basename(file),
      strength,
      ...(Object.keys(strengths).length === 0 ? {} : { strengths }),
      methods: [...new Set(placed.map(({ adapter }) => adapter.method))],
    })),
  };
  return {
    // Says that matrices are stored [out, in]; diffusers and transformers ask for it.
    format: 'pt',
    'modelspec.merged_from': names.join(', '),
    'krona.merged': JSON.stringify(merged),
  };
}

interface SingleFile {
  readonly kind: CheckpointKindName;
  /** What the file says that the base is. */
  readonly stated?: Metadata | undefined;
  readonly out: string;
}

/** Of a model in one file: what its base said, but for the digest, and what is different now. */
export function singleFileMetadata(
  base: BaseModel,
  adapters: readonly MergedAdapter[],
  { kind, stated = {}, out }: SingleFile,
): Metadata {
  const { 'modelspec.hash_sha256': _, ...kept } = stated;
  const isVelocity = base.scheduler.stated.prediction_type === 'v_prediction';
  const architecture = architectureOf(kind, isVelocity);
  const side = 8 * base.unet.config.sampleSize;
  const phrases = adapters.flatMap(
    ({ training }) => (training && promptOfTraining(training)) ?? [],
  );
  return {
    ...kept,
    ...mergedMetadata(base, adapters),
    'modelspec.sai_model_spec': '1.0.1',
    ...(architecture === undefined ? {} : { 'modelspec.architecture': architecture }),
    'modelspec.implementation': 'https://github.com/Stability-AI/generative-models',
    'modelspec.title': titleOf(out),
    'modelspec.resolution': `${side}x${side}`,
    'modelspec.prediction_type': isVelocity ? 'v' : 'epsilon',
    ...(phrases.length === 0 ? {} : { 'modelspec.trigger_phrase': phrases.join(', ') }),
  };
}

function titleOf(path: string): string {
  return basename(path, extname(path));
}

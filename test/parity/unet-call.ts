/** @file Feeds a UNet with a fixture's batch, SDXL's sizes and pooled text included. */
import type { Value } from '../../src/graph/index.ts';
import { guidanceFeatures, sinusoids } from '../../src/models/unet/time-features.ts';
import { unet } from '../../src/models/unet/unet.ts';
import type { UNetConfig } from '../../src/models/unet/unet-config.ts';
import type { Scope } from '../../src/nn/index.ts';
import type { ModelPart } from '../../src/pipeline/base/base-model.ts';
import { joinedColumns, reshaped, type Tensor } from '../../src/tensor/tensor.ts';
import type { FixtureTensors } from './fixture.ts';
import type { Feeds } from './network.ts';

export type UNetPart = ModelPart<UNetConfig>;

/** The sinusoids of a batch's timesteps: [N, channels]. */
export function timeFeatures({ config }: UNetPart, timesteps: ArrayLike<number>): Tensor<'f32'> {
  const { levels, cosineFirst, frequencyShift } = config;
  return sinusoids(timesteps, { size: levels[0]?.channels ?? 0, cosineFirst, frequencyShift });
}

/** The sinusoids of SDXL's six numbers per sample: [6·N, timeSize]. */
export function timeIdFeatures({ config }: UNetPart, ids: ArrayLike<number>): Tensor<'f32'> {
  const { cosineFirst, frequencyShift, addition } = config;
  return sinusoids(ids, { size: addition?.timeSize ?? 0, cosineFirst, frequencyShift });
}

/** What a UNet is fed for the batch whose tensors' names begin with `prefix`. */
export function unetFeeds(unetPart: UNetPart, tensors: FixtureTensors, prefix: string): Feeds {
  const feeds = {
    sample: tensors.float32(`${prefix}sample`),
    encoder_hidden_states: tensors.float32(`${prefix}encoder_hidden_states`),
    timeFeatures: timeFeatures(unetPart, tensors.int32(`${prefix}timesteps`)),
  };
  const { addition, guidanceSize } = unetPart.config;
  if (guidanceSize !== undefined) {
    const scales = tensors.float32(`${prefix}guidance`).data;
    return { ...feeds, guidanceFeatures: guidanceFeatures(scales, guidanceSize) };
  }
  if (addition === undefined) return feeds;
  const pooled = tensors.float32(`${prefix}text_embeds`);
  const ids = timeIdFeatures(unetPart, tensors.float32(`${prefix}time_ids`).data);
  const rows = pooled.shape[0] ?? 1;
  const perRow = reshaped(ids, [rows, ids.data.length / rows]);
  return { ...feeds, additionFeatures: joinedColumns([pooled, perRow]) };
}

/** The UNet over what is fed. */
export function callUNet(
  scope: Scope,
  { config }: UNetPart,
  input: (name: string) => Value,
): Value {
  return unet(scope, config, {
    sample: input('sample'),
    timeFeatures: input('timeFeatures'),
    context: input('encoder_hidden_states'),
    ...(config.addition === undefined ? {} : { additionFeatures: input('additionFeatures') }),
    ...(config.guidanceSize === undefined ? {} : { guidanceFeatures: input('guidanceFeatures') }),
  });
}
